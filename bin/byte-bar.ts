import { Presets, SingleBar } from "cli-progress";

/** Below this, it is over before anybody could read the bar. */
export const WORTH_A_BAR_BYTES = 32 * 1024 * 1024;

const mb = (sizeBytes: number): string => (sizeBytes / 1e6).toFixed(1);

/** A bar that counts bytes, by what is being done and with what. */
export const byteBar = (doing: string, terminal: NodeJS.WriteStream): SingleBar =>
  new SingleBar(
    {
      stream: terminal,
      format: `${doing}  {bar}  {percentage}%  {value} of {total} MB  {file}`,
      formatValue: (value, _, type) => (type === "value" || type === "total" ? mb(value) : String(value)),
      clearOnComplete: true,
      // Nothing to restore, so that an interruption ends the program and not the bar alone.
      hideCursor: false,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
