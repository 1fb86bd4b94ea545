/** What a worker can be asked. The bodies are the bench's own. */
export type Answers = Readonly<Record<string, (body: never) => unknown>>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly body: never;
}

/** The worker's side of `startWorker`: answers each question of the parent, and ends with it. */
export function answerAs(answers: Answers): void {
  process.on("message", async ({ id, name, body }: Question) => {
    try {
      process.send?.({ id, result: await answers[name]?.(body) });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
  process.on("disconnect", () => process.exit());
}
