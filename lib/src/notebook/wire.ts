import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The Jupyter wire protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol */

/** What a connection file holds: where a kernel listens, and the key that signs its messages. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}
export type Channel = "shell" | "iopub" | "stdin" | "control" | "hb";

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly version: string;
  readonly date: string;
}
export type Content = Record<string, unknown>;

export interface Message {
  readonly identities: readonly Buffer[]; // who to route a reply to
  readonly header: Header;
  readonly parent: Partial<Header>; // header of the request that this message answers
  readonly content: Content;
}

const DELIMITER = "<IDS|MSG>";

/** The address of one channel. Over ipc a port is a suffix of the socket's file name. */
export function address(connection: Connection, channel: Channel): string {
  const port = connection[`${channel}_port`];
  return `${connection.transport}://${connection.ip}${connection.transport === "ipc" ? "-" : ":"}${port}`;
}

/** A message of this type with a fresh id, answering `parent` when there is one. */
export function message(type: string, content: Content, parent?: Message, session = randomUUID()): Message {
  const { session: theirs = session, username = "unrolled" } = parent?.header ?? {};
  const date = new Date().toISOString();
  const header = { msg_id: randomUUID(), msg_type: type, session: theirs, username, version: "5.3", date };
  return { identities: parent?.identities ?? [], header, parent: parent?.header ?? {}, content };
}

export function encode({ identities, header, parent, content }: Message, key: string): (Buffer | string)[] {
  const parts = [header, parent, {}, content].map((part) => JSON.stringify(part));
  return [...identities, DELIMITER, sign(parts, key), ...parts];
}

/** @throws Error if the frames are no message, or its signature does not match */
export function decode(frames: readonly Buffer[], key: string): Message {
  const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
  if (at < 0 || frames.length < at + 6) throw new Error("a Jupyter message must have a delimiter and five parts");
  const parts = frames.slice(at + 2, at + 6);
  if (key && !sameText(frames[at + 1].toString(), sign(parts, key)))
    throw new Error("the message's signature is wrong");
  const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString()));
  return { identities: frames.slice(0, at), header, parent, content };
}

function sign(parts: readonly (string | Buffer)[], key: string): string {
  if (!key) return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
