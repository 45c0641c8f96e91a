/** A short story, written for this course. */
export const prose = `The Lock-Keeper's Ledger

When the old lock-keeper died, they gave the post to his niece, because she could count and because nobody else wanted to live so far from the village. She moved into the narrow house between the two gates with a kettle, a lamp, and a cat that belonged to no one. On the shelf above the stove she found the ledger.

It was not like the ledgers she had seen in town. There was one page only. The paper was thick, scraped thin in places, and written over so many times that the latest words stood in a sort of grey weather. "Water at nine feet," it said. "The miller is owed two sacks. Heron back." That was all that her uncle had known on the day he died, and, as far as she could tell, it was all that he had needed.

She asked the miller about it. "He never kept a second page," said the miller. "He had three rules. In the morning he read the page and rubbed out whatever was no longer true. At noon he looked at the river and wrote down what was worth keeping. And when somebody came to the door and asked, he told them only what they had come for. He used to say that forgetting was a job like any other, and that most people did it badly, because they let it happen by itself."

For the first week she did it badly. She wrote down everything: the names of the barges, the colour of their flags, what the bargemen said about the weather upstream and what they said about each other. By Friday she could not find the depth of the water under all that ink, and a barge loaded with slate sat for an hour in the lower chamber while she looked for it. In the second week she wrote down nothing, to be safe, and on Monday the miller came for two sacks of flour that she had never heard of.

So she began to learn the gates. There were three of them, if you counted as her uncle had counted. The first gate let go. The second let in. The third let out. None of them was ever quite open or quite shut; the wood was old, and there was always a little water coming through, so that the page too was always a little wrong. But she found that if the first gate was left nearly open, a thing once written would stay for months without any help. The heron, for example. She had never once rubbed out the heron, and there it was, in her uncle's hand, as clear as on the day he saw it.

In the spring an inspector came from the city. He had a new method, he said, in which the keeper was to keep nothing at all, but was to look back every evening at every barge that had ever passed, all of them at once, and decide which ones mattered. He had drawings. She looked at the drawings for a long time, and admitted that they were beautiful.

"And where do you keep all the barges?" she asked.

"In a very large warehouse," said the inspector.

She thought about it while the upper chamber filled. It was a good method, no doubt, for those who had the warehouse. She had a shelf, a lamp, and one page. A barge was coming round the bend, low in the water, and she did not have to look anything up to know that it was the slate again, that the slate paid late, and that the water stood at nine feet.

"Mind the gate," she told the inspector, and went out to let it in.
`;
