import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const CODE_FOLDERS = ["bin", "lib", "functions", "test"] as const;

/** One of our TypeScript files, parsed. Paths are relative to the checkout, with `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly tree: ts.SourceFile;
}

/** `lib` holds nothing before the first construct does, and git keeps no empty folder. */
function filesBelow(folder: string): string[] {
  if (folder === "lib" && !existsSync(join(ROOT, folder))) return [];
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !path.includes("node_modules/"))
    .sort();
}

export function sourcesIn(...folders: readonly string[]): Source[] {
  const paths = folders.flatMap(filesBelow).filter((path) => path.endsWith(".ts"));
  return paths.map((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return { path, text, lines: text.trimEnd().split("\n").length, tree };
  });
}

/** Every node of a file, the file itself included. */
export function* nodesIn(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesIn(child);
}

/** What a file imports or re-exports: a path of ours, or the name of a module of somebody else's. */
export function importsOf({ tree, path }: Source): string[] {
  const from = [...nodesIn(tree)].flatMap((node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier ?? [];
    const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    if (isCall) return node.arguments[0] ?? [];
    return ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : [];
  });
  return from
    .flatMap((each) => (ts.isStringLiteralLike(each) ? [each.text] : []))
    .map((name) => (name.startsWith(".") ? posix.normalize(posix.join(dirname(path), name)) : name));
}

export const isOurs = (name: string): boolean => CODE_FOLDERS.some((folder) => name.startsWith(`${folder}/`));

export const at = ({ path, tree }: Source, node: ts.Node): string =>
  `${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;

/** A function that has a name of its own: declared, a method, an accessor, a constructor, or an arrow under a `const`. */
export interface Named {
  readonly where: string;
  readonly lines: number;
}

function isNamed(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node))
    return true;
  if (ts.isAccessor(node)) return true;
  return (
    (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) &&
    (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent))
  );
}

export function functionsIn(source: Source): Named[] {
  const { tree } = source;
  return [...nodesIn(tree)].filter(isNamed).map((node) => {
    const line = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
    return { where: at(source, node), lines: line(node.end) - line(node.getStart(tree)) + 1 };
  });
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
