import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isSameFile } from "../../functions/pypi/file-names.ts";

suite("two names of one file", () => {
  const SAME = [
    [
      "spt3g-1.0-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
      "spt3g-1.0-cp310-cp310-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    ],
    ["six-1.17.0-py2.py3-none-any.whl", "six-1.17.0-py3.py2-none-any.whl"],
    ["Lantern_Fish-1.0-py3-none-any.whl", "lantern_fish-1.0-py3-none-any.whl"],
    ["lantern-1.0-1-py3-none-any.whl", "lantern-1.0-1-py3-none-any.whl"],
    ["lantern-1.0RC1-py3-none-any.whl", "lantern-1.0rc1-py3-none-any.whl"],
    ["Lantern.Fish-1.0.tar.gz", "lantern_fish-1.0.tar.gz"],
    ["lantern-final.exe", "lantern-final.exe"],
  ] as const;
  for (const [one, other] of SAME)
    test(`${one} and ${other}`, () => {
      assert.ok(isSameFile(one, other));
      assert.ok(isSameFile(other, one));
    });
});

suite("two names of two files", () => {
  const DIFFERENT = [
    ["six-1.17.0-py2.py3-none-any.whl", "six-1.17.0-py3-none-any.whl"],
    ["six-1.17.0-py3-none-any.whl", "six-1.17.1-py3-none-any.whl"],
    ["six-1.17.0-py3-none-any.whl", "seven-1.17.0-py3-none-any.whl"],
    ["six-1.17.0-py3-none-any.whl", "six-1.17.0-1-py3-none-any.whl"],
    ["six-1.17.0-cp313-abi3-any.whl", "six-1.17.0-abi3-cp313-any.whl"],
    ["six-1.17.0.tar.gz", "six-1.17.0.zip"],
    ["six-1.17.0.tar.gz", "six-1.17.0-py3-none-any.whl"],
    ["six-1.17.0.tar.gz", "six_1.17.0.tar.gz"],
    ["six-final.tar.gz", "Six-final.tar.gz"],
    ["six-1.17.0.exe", "Six-1.17.0.exe"],
    ["six-1.17.0.whl", "Six-1.17.0.whl"],
  ] as const;
  for (const [one, other] of DIFFERENT) test(`${one} and ${other}`, () => assert.ok(!isSameFile(one, other)));
});
