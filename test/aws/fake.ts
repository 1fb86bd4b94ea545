/** One call that a client was asked to make. */
export interface Call {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A client that answers what it is told to, and what it was asked. */
export interface FakeClient {
  readonly calls: Call[];
  /** The adapters take only this of a client of the SDK. */
  readonly client: { readonly send: never };
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}

/** Stands in for a client of the SDK: each call goes to `answer`, which may throw. */
export function fakeClient(answer: (call: Call) => unknown = () => ({})): FakeClient {
  const calls: Call[] = [];
  const send = async (command: Command): Promise<unknown> => {
    const call = { action: command.constructor.name.replace(/Command$/, ""), input: command.input };
    calls.push(call);
    return answer(call);
  };
  return { calls, client: { send: send as never } };
}

export const named = (name: string): Error => Object.assign(new Error(name), { name });
