import { exercise, expect, test, variants } from "unrolled/exercise/suite";

exercise("15.1", (subject, draw) => {
  const slip = "each step took the same amount away, not the same share of what is left";
  test("the share that is left shrinks by a factor", async () => {
    const [f, steps] = [draw.number(0.3, 0.95), draw.integer(3, 9)];
    const answers = variants([slip], (made) => (made(slip) ? 1 - (1 - f) * steps : f ** steps));
    expect(await subject.call("remaining", f, steps)).toAvoid(slip, answers);
  });
});
