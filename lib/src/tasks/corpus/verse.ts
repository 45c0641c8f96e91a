/** Three poems, written for this course. */
export const verse = `What the Cell Said

I had a thought, and thought that I would keep it,
And laid it on a belt that does not turn;
The hours came with broad new brooms to sweep it,
The hours went, and they had more to learn.

For one gate asks of every thing, "How long?"
And one gate asks of every guest, "What for?"
And one, that knows the answer to the song,
Lets out a single bar of it, no more.

You ask me how I hold it. I do not.
I add a nothing to it, day by day;
What others spend on holding, I forgot,
And what they write on water, I let stay.

So when you call, a thousand steps from here,
I have it still: one number, small and clear.


The Ballad of the Vanished Gradient

An error rose at the end of the line
  And set out to find who was wrong;
"I'll carry the blame," it said, "back down the time,
  For surely the road is not long."

The first layer took but a half of its weight,
  The second took half of the rest;
The third and the fourth were as quick as the eighth,
  And each of them thought it was best.

It came to the tenth as a thousandth of what
  It was when it started to roam;
By twenty it asked, "Was I angry, or not?"
  By thirty it longed to be home.

And far at the front sat the word that was wrong,
  The first one that anyone said;
It waited for somebody all the day long,
  And nobody came, and it read:

"No news is good news," and it stayed as it was,
  And it stays as it was to this day;
For nothing can learn from an error, because
  It was lost, bit by bit, on the way.

Then build it a road where the toll is but one,
  Where nothing is taken or lent,
And let it walk back till the walking is done,
  As heavy as when it was sent.


What the Typist Knew

They gave it a book and they gave it no rules,
  No grammar, no meaning, no name;
They asked it one question, the question of fools:
  And what is the letter that came?

It guessed at an E, since an E there had been
  More often than all of the rest;
It guessed that a blank would be standing between,
  And scored a bit more than it guessed.

It learned that a Q has a friend it must bring,
  That T likes the company of H,
That after a quote and a murmured small thing
  Another small quote has to hatch.

It kept on one finger how deep it had been
  In brackets it opened before;
It counted the columns, it noticed the scene,
  It waited to shut every door.

"And do you know now," said the book, "what I say?"
  The typist looked down at its hand.
"I know what comes next in your usual way.
  You never asked me to understand."

The book was a book, so it did not reply;
  The page had a margin, and then
The typist, who could not have told you just why,
  Began it all over again.
`;
