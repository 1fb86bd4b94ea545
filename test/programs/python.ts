import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { run } from "./commands.ts";

/** A Python environment with what a list of requirements names, kept between runs. */
export class PythonEnvironment {
  readonly #folder: string;
  readonly #venv: string;
  readonly #requirements: string;

  constructor(folder: string, requirements: string) {
    this.#folder = folder;
    this.#venv = `${folder}venv`;
    this.#requirements = requirements;
  }

  /** A program of the environment's own. */
  program(name: string): string {
    return `${this.#venv}/bin/${name}`;
  }

  /** Makes the environment, or finds the one an earlier run made from the same list. */
  async install(): Promise<void> {
    const wanted = await readFile(this.#requirements, "utf8");
    const installed = await readFile(`${this.#venv}/installed.txt`, "utf8").catch(() => null);
    if (installed === wanted) return;
    await mkdir(this.#folder, { recursive: true });
    await this.#make();
    const pip = [this.program("python"), "-m", "pip", "install", "--quiet", "--upgrade"] as const;
    await run([...pip, "-r", this.#requirements]);
    await writeFile(`${this.#venv}/installed.txt`, wanted);
  }

  /** Some systems' Python comes without what `venv` needs to install pip; virtualenv brings its own. */
  async #make(): Promise<void> {
    try {
      await run(["python3", "-m", "venv", "--clear", this.#venv]);
      await access(this.program("pip"));
    } catch {
      const library = `${this.#folder}virtualenv`;
      await run(["python3", "-m", "pip", "install", "--quiet", "--target", library, "virtualenv==21.15.8"]);
      const env = { ...process.env, PYTHONPATH: library };
      await run(["python3", "-m", "virtualenv", "--clear", this.#venv], { env });
    }
  }
}
