import { MINUTE, type Script, type Step } from "./script.ts";

type Wrong = (script: Script) => Promise<readonly string[]>;

/** What a complaint is about, without files, watchers and numbers: a smaller world must be wrong in the same way. */
const kindOf = (wrong: string): string => wrong.replace(/^\S+ \S+ /, "").replace(/\d+/g, "N");

/** The least script that is still wrong in the same way: steps left out, files left out, waits shortened; as often as it helps. */
export async function shrunken(script: Script, wrong: Wrong): Promise<Script> {
  const kinds = new Set((await wrong(script)).map(kindOf));
  const fails = async (steps: readonly Step[]): Promise<boolean> => {
    const found = await wrong({ ...script, steps });
    return found.some((each) => kinds.has(kindOf(each)));
  };
  let least = script.steps;
  for (let before = -1; before !== JSON.stringify(least).length; ) {
    before = JSON.stringify(least).length;
    for (const smaller of candidates) {
      for (let at = least.length - 1; at >= 0; at -= 1) {
        const tried = smaller(least, at);
        if (tried !== null && (await fails(tried))) least = tried;
      }
    }
  }
  return { ...script, steps: least };
}

type Smaller = (steps: readonly Step[], at: number) => readonly Step[] | null;

const replaced = (steps: readonly Step[], at: number, step: Step): readonly Step[] =>
  steps.map((each, index) => (index === at ? step : each));

/** Without the step; others happen when they did. */
const without: Smaller = (steps, at) => {
  const [gone, before] = [steps[at], steps[at - 1]];
  if (gone === undefined) return null;
  const rest = steps.filter((_, index) => index !== at);
  return before === undefined
    ? rest
    : replaced(rest, at - 1, { ...before, thenMs: before.thenMs + gone.thenMs });
};

/** Without the step and the time after it. */
const withoutTime: Smaller = (steps, at) => (at in steps ? steps.filter((_, index) => index !== at) : null);

const oneFile: Smaller = (steps, at) => {
  const step = steps[at];
  if (step?.does !== "publish" || step.files.length < 2) return null;
  return replaced(steps, at, { ...step, files: step.files.slice(1) });
};

const otherFile: Smaller = (steps, at) => {
  const step = steps[at];
  if (step?.does !== "publish" || step.files.length < 2) return null;
  return replaced(steps, at, { ...step, files: step.files.slice(0, 1) });
};

const WAITS = [2, 20, 40, 120, 300, 420, 780].map((minutes) => minutes * MINUTE);

const sooner: Smaller = (steps, at) => {
  const step = steps[at];
  const shorter = WAITS.findLast((each) => step !== undefined && each < step.thenMs);
  return step === undefined || shorter === undefined
    ? null
    : replaced(steps, at, { ...step, thenMs: shorter });
};

const candidates: readonly Smaller[] = [withoutTime, without, oneFile, otherFile, sooner];
