import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { plainText } from "../export/learner-view.js";
import { answerHash, type MarkBook } from "./mark-book.js";
import { markingPage, markingPolicy } from "./page.js";
import { entryFor, type QueueItem } from "./queue.js";

const MOST_BYTES = 64 * 1024;

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

export interface MarkingServer {
  /** The address to open; the token is in its fragment, which browsers send to no one. */
  readonly url: string;
  close(): Promise<void>;
}

/** The queue and the marks behind the page. */
class Desk {
  constructor(
    private readonly queue: readonly QueueItem[],
    private readonly book: MarkBook,
    private readonly by: string | undefined,
  ) {}

  private of(exercise: unknown): QueueItem[] {
    return this.queue.filter((item) => item.exercise === exercise);
  }

  private isMarked = (item: QueueItem): boolean => this.book.find(item, item.answer) !== undefined;

  overview(): object[] {
    return [...new Set(this.queue.map(({ exercise }) => exercise))].map((exercise) => {
      const items = this.of(exercise);
      const next = Math.max(
        0,
        items.findIndex((item) => !this.isMarked(item)),
      );
      return { exercise, title: items[0].title, count: items.length, marked: items.filter(this.isMarked).length, next };
    });
  }

  private at(exercise: unknown, at: unknown): QueueItem {
    const item = this.of(exercise)[Number(at)];
    if (!item) throw new Refusal(404, "there is no such answer");
    return item;
  }

  item(exercise: string | null, at: string | null): object {
    const item = this.at(exercise, at);
    const { title, learner, name, rubric, answer, earlier } = item;
    return {
      exercise,
      title,
      learner: plainText(learner),
      name: name && plainText(name),
      rubric,
      answer: plainText(answer),
      hash: answerHash(answer),
      marks: this.book.find(item, answer)?.marks,
      earlier: earlier?.marks.reduce((sum, mark) => sum + mark.earned, 0),
    };
  }

  mark(body: Record<string, unknown>): object {
    const item = this.at(body.exercise, body.at);
    if (body.answer !== answerHash(item.answer)) throw new Refusal(409, "the answer has changed; open it again");
    const { earned, comments = [] } = body as { earned: number[]; comments?: string[] };
    const isList = (list: unknown): boolean => Array.isArray(list) && list.length <= item.rubric.length;
    if (!isList(earned) || !isList(comments))
      throw new Refusal(400, "earned and comments must be lists, one entry a line");
    try {
      this.book.add(entryFor(item, earned, comments, this.by));
    } catch (error) {
      throw new Refusal(
        error instanceof TypeError || error instanceof RangeError ? 400 : 500,
        (error as Error).message,
      );
    }
    return { marked: this.of(item.exercise).filter(this.isMarked).length };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!request.headers["content-type"]?.startsWith("application/json")) throw new Refusal(415, "the body must be JSON");
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > MOST_BYTES) throw new Refusal(413, `the body must be at most ${MOST_BYTES} bytes`);
    parts.push(part as Buffer);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    throw new Refusal(400, "the body must be JSON");
  }
  if (typeof body !== "object" || body === null) throw new Refusal(400, "the body must be an object");
  return body as Record<string, unknown>;
}

/** @throws Refusal unless the request names this server as its host, so that no other site can reach it by a name of its own */
function checkSender({ headers }: IncomingMessage, hosts: readonly string[]): void {
  if (!hosts.includes(headers.host ?? "")) throw new Refusal(421, "this server answers to 127.0.0.1 only");
  const origins = hosts.map((host) => `http://${host}`);
  if (headers.origin !== undefined && !origins.includes(headers.origin))
    throw new Refusal(403, "requests of other sites are refused");
}

async function answer(request: IncomingMessage, desk: Desk, token: string): Promise<object | string> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  if (request.method === "GET" && pathname === "/") return markingPage;
  const bearer = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
  if (!same(bearer, token)) throw new Refusal(401, "open the address that `unrolled mark` printed, with its token");
  if (request.method === "GET" && pathname === "/api/queue") return desk.overview();
  if (request.method === "GET" && pathname === "/api/item")
    return desk.item(searchParams.get("exercise"), searchParams.get("at"));
  if (request.method === "POST" && pathname === "/api/mark") return desk.mark(await bodyOf(request));
  throw new Refusal(404, "there is nothing here");
}

function send(response: ServerResponse, status: number, body: object | string): void {
  const isPage = typeof body === "string";
  response.writeHead(status, {
    "content-type": isPage ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
    "content-security-policy": isPage ? markingPolicy : "default-src 'none'",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  response.end(isPage ? body : JSON.stringify(body));
}

/** Serves the marking page on 127.0.0.1, on a free port, to whoever has the token. */
export async function serveMarking(
  queue: readonly QueueItem[],
  book: MarkBook,
  { by, port = 0 }: { readonly by?: string; readonly port?: number } = {},
): Promise<MarkingServer> {
  const token = randomBytes(24).toString("base64url");
  const desk = new Desk(queue, book, by);
  let hosts: string[] = [];
  const server = createServer(async (request, response) => {
    try {
      checkSender(request, hosts);
      send(response, 200, await answer(request, desk, token));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, "the server had a fault");
      send(response, refusal.status, { error: refusal.message });
    }
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  hosts = [`127.0.0.1:${taken}`, `localhost:${taken}`];
  return {
    url: `http://127.0.0.1:${taken}/#token=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
