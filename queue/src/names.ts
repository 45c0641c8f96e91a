/** One BullMQ queue a name. */
export const queueName = (name: string): string => `unrolled-${checked(name)}`;

/** Where the senders of work say what it is for, a field a kind of work. */
export const charterKey = (name: string): string => `unrolled:${checked(name)}:charter`;

function checked(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw new TypeError(`the name of a queue is made of a-z, 0-9 and -, got ${JSON.stringify(name)}`);
  return name;
}

/** How often a job is begun before it is given up: it failed, or the worker that had it was gone. */
export const TRIES = 3;

const day = 24 * 3600;
/** Results that nobody takes go after a fortnight. */
export const keeping = { removeOnComplete: { age: 14 * day }, removeOnFail: { age: 30 * day } };
