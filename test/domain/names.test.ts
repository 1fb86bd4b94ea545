import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isDigest, parseDigest, sha256 } from "../../functions/domain/digests.ts";
import {
  belongsTo,
  isFileName,
  isProjectName,
  normalizeProject,
  projectsOf,
  versionIn,
} from "../../functions/domain/names.ts";
import { releaseKey, releaseOf } from "../../functions/domain/releases.ts";

describe("a project's name", () => {
  it("is normalised as PEP 503 has it", () => {
    for (const name of [
      "Friendly-Bard",
      "friendly.bard",
      "FRIENDLY_BARD",
      "friendly--bard",
      "FrIeNdLy-._.-bArD",
    ])
      assert.equal(normalizeProject(name), "friendly-bard");
  });

  it("has both ends alphanumeric, ASCII only, and an end", () => {
    for (const name of ["a", "A1", "zope.interface", "a__b"]) assert.ok(isProjectName(name), name);
    for (const name of ["", "-a", "a-", ".a", "a b", "a/b", "straße", "a\n", "a".repeat(251)])
      assert.ok(!isProjectName(name), name);
  });
});

describe("a file's name", () => {
  it("is one name: no path, no control character, not only dots", () => {
    for (const name of ["lantern-1.0.tar.gz", "näme-1.0.zip", `${"a".repeat(180)}-1.0.whl`])
      assert.ok(isFileName(name), name);
    for (const name of ["", ".", "..", "a/b", "a\\b", "a\u0000b", "a\u0085b", "a\nb", "a".repeat(501)])
      assert.ok(!isFileName(name), JSON.stringify(name));
  });

  const BELONGS: readonly (readonly [file: string, project: string, version: string])[] = [
    ["lantern-1.0.tar.gz", "lantern", "1.0"],
    ["lantern-1.0-py3-none-any.whl", "lantern", "1.0"],
    ["lantern-1.0-1-py2.py3-none-any.whl", "lantern", "1.0"],
    ["ctx-0.1.2-1.tar.gz", "ctx", "0.1.2-1"],
    ["ctx-0.1.2-1-py2.py3-none-any.whl", "ctx", "0.1.2"],
    ["zope.interface-5.4.0.tar.gz", "zope-interface", "5.4.0"],
    ["zope_interface-5.4.0-cp39-cp39-win_amd64.whl", "zope-interface", "5.4.0"],
    ["Zope.Interface-3.0-py2.7.egg", "zope-interface", "3.0"],
    ["python-dateutil-2.8.2.tar.gz", "python-dateutil", "2.8.2"],
    ["py-2-go-1.0.tar.gz", "py-2-go", "1.0"],
    ["lantern-v1.0.zip", "lantern", "v1.0"],
    ["lantern-1.0rc1+local.7.tar.gz", "lantern", "1.0rc1+local.7"],
    ["lantern-1!2.0.tar.gz", "lantern", "1!2.0"],
    ["lantern-1.0.win32-py2.7.exe", "lantern", "1.0"],
    ["lantern-1.0.win-amd64.msi", "lantern", "1.0"],
    ["lantern-1.0.linux-x86_64.tar.gz", "lantern", "1.0"],
    ["lantern-1.0.macosx-10.9-x86_64.tar.gz", "lantern", "1.0"],
    ["lantern-1.0-1.noarch.rpm", "lantern", "1.0"],
    ["lantern-1.0-1.src.rpm", "lantern", "1.0"],
    [`${"l".repeat(180)}-1.0.tgz`, "l".repeat(180), "1.0"],
  ];
  for (const [file, project, version] of BELONGS) {
    it(`${file.slice(-48)} is a file of ${project.slice(0, 20)}, version ${version}`, () => {
      assert.ok(belongsTo(file, project));
      assert.equal(versionIn(file, project), version);
    });
  }

  it("belongs to no other project", () => {
    for (const [file, project] of [
      ["lantern-1.0.tar.gz", "lamp"],
      ["lantern-extra-1.0.tar.gz", "lantern"],
      ["lantern-extra-1.0-py3-none-any.whl", "lantern"],
      ["lanterns-1.0.tar.gz", "lantern"],
      ["1.0.tar.gz", "lantern"],
      ["lantern-1.0.txt", "lantern"],
      ["lantern-1.0.tar.gz.asc", "lantern"],
      ["../lantern-1.0.tar.gz", "lantern"],
      ["lantern-latest.tar.gz", "lantern"],
      ["six-1.0.tar.gz", "si"],
      ["six-1.0.tar.gz", "six-1"],
      ["six-1.0.tar.gz", "six-1-0"],
      ["six-1-2.0.tar.gz", "six"],
      ["py-2-go-1.0.tar.gz", "py"],
      ["lantern-3d-1.0.zip", "lantern"],
      ["lantern-1.0.linux-x86_64.tar.gz", "lantern-1-0"],
    ] as const)
      assert.ok(!belongsTo(file, project), file);
  });

  it("of a wheel has a wheel's five or six parts", () => {
    for (const file of [
      "lantern-1.0.whl",
      "lantern-1.0-py3.whl",
      "lantern-1.0-py3-none.whl",
      "lantern-1.0-b1-py3-none-any.whl",
      "lantern-1.0-1-2-py3-none-any.whl",
      "lantern-1.0-py3-none-win-amd64.whl",
      "lantern-1.0-py3-none-.whl",
      "lantern-1.0-py3-none-a ny.whl",
      "lantern-any-py3-none-any.whl",
      "-1.0-py3-none-any.whl",
    ])
      assert.deepEqual(projectsOf(file), [], file);
  });

  it("of an egg says name, version and perhaps Python and platform", () => {
    assert.deepEqual(projectsOf("PythonSLM-0.1-py3.7-linux-x86_64.egg"), ["pythonslm"]);
    assert.deepEqual(projectsOf("zope.interface-3.0-py2.7.egg"), ["zope-interface"]);
    assert.deepEqual(projectsOf("lantern-1.0.egg"), ["lantern"]);
    assert.deepEqual(projectsOf("python-lantern-1.0-py2.7.egg"), []);
    assert.deepEqual(projectsOf("lantern-1.0-1-py2.7.egg"), []);
  });
});

describe("the projects that a file's name may mean", () => {
  const MEANS: readonly (readonly [file: string, projects: readonly string[]])[] = [
    ["Lantern_Fish.net-1.0.tar.gz", ["lantern-fish-net"]],
    ["python-dateutil-2.8.2.tar.gz", ["python-dateutil"]],
    ["todo_placeholder-1.0.0-py3-none-any.whl", ["todo-placeholder"]],
    ["ctx-0.1.2-1-py2.py3-none-any.whl", ["ctx"]],
    ["ctx-0.1.2-1.tar.gz", ["ctx", "ctx-0-1-2"]],
    ["aws-adfs-ebsco-0.3.6-2.tar.gz", ["aws-adfs-ebsco", "aws-adfs-ebsco-0-3-6"]],
    ["lantern-2004-Latest-src.tar.gz", ["lantern"]],
    ["lantern-1.0-final.win32-py2.7.exe", ["lantern"]],
    ["MetaStalk-2.2.0.linux-x86_64.tar.gz", ["metastalk"]],
    ["lantern-1.0-1.noarch.rpm", ["lantern"]],
    ["lantern-1.0-2-src.zip", ["lantern", "lantern-1-0"]],
    ["lantern.tar.gz", []],
    ["lantern-1.0.txt", []],
    ["dist/lantern-1.0.tar.gz", []],
    ["ländern-1.0.tar.gz", []],
  ];
  for (const [file, projects] of MEANS)
    it(`${file}: ${projects.join(", ") || "none"}`, () => assert.deepEqual(projectsOf(file), projects));

  const project = fc.stringMatching(/^[a-z][a-z0-9]{0,5}([-._][a-z0-9]{1,4}){0,3}$/);
  const version = fc.stringMatching(/^\d{1,3}(\.\d{1,3}){0,3}((a|b|rc)\d)?(\.post\d)?(\.dev\d)?$/);

  it("are one, where its tool followed PEP 427 or PEP 625", () => {
    fc.assert(
      fc.property(project, version, fc.stringMatching(/^(\d\w{0,3})?$/), (name, of, build) => {
        const escaped = `${normalizeProject(name).replaceAll("-", "_")}-${of}`;
        const tags = `${build === "" ? "" : `-${build}`}-py3-none-any`;
        for (const file of [`${escaped}.tar.gz`, `${escaped}${tags}.whl`]) {
          assert.deepEqual(projectsOf(file), [normalizeProject(name)]);
          assert.equal(versionIn(file, normalizeProject(name)), of);
        }
      }),
    );
  });

  it("hold the true one also where a tool left dashes in", () => {
    fc.assert(
      fc.property(project, version, (name, of) => {
        assert.ok(belongsTo(`${name}-${of}.zip`, normalizeProject(name)));
      }),
    );
  });

  it("all have a version in that name", () => {
    const file = fc.tuple(
      fc.stringMatching(/^[a-z0-9.-]{0,30}$/),
      fc.constantFrom(".tar.gz", ".whl", ".egg", ".exe"),
    );
    fc.assert(
      fc.property(file, (parts) => {
        for (const each of projectsOf(parts.join("")))
          assert.notEqual(versionIn(parts.join(""), each), null, parts.join(""));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a release", () => {
  it("is one however its version is spelled", () => {
    for (const spelled of ["1.0", "1.0.0", "v1", "1", "01.0"]) assert.equal(releaseKey(spelled), "1");
    assert.equal(releaseKey("1.0.0RC1"), releaseKey("1.0-rc.1"));
    assert.equal(releaseKey("1!1.0"), "1!1");
    assert.equal(releaseKey("0.0"), releaseKey("0"));
    assert.equal(releaseKey("0.1.2-1"), releaseKey("0.1.2.post1"));
    assert.notEqual(releaseKey("1.0"), releaseKey("1.0.1"));
    assert.notEqual(releaseKey("1.0"), releaseKey("1.0+local"));
    assert.notEqual(releaseKey("10.0"), releaseKey("1.0"));
  });

  it("of a version that PEP 440 does not know is that version", () => {
    assert.equal(releaseKey("2004-Latest"), "2004-latest");
  });

  it("of a file is spelled as the index spells it, and else as the file does", () => {
    assert.equal(releaseOf("lantern-1.0.tar.gz", "lantern", ["0.9", "1.0.0"]), "1.0.0");
    assert.equal(releaseOf("ctx-0.1.2-1.tar.gz", "ctx", ["0.1.2", "0.1.2.post1"]), "0.1.2.post1");
    assert.equal(releaseOf("lantern-1.0.tar.gz", "lantern", []), "1.0");
    assert.equal(releaseOf("lantern-1.0.1.tar.gz", "lantern", ["1.0"]), "1.0.1");
    assert.equal(releaseOf("other-1.0.tar.gz", "lantern", ["1.0"]), null);
  });
});

describe("a legacy sdist whose name says more than its version", () => {
  const CLAIMS: readonly (readonly [file: string, versions: readonly string[], release: string])[] = [
    ["lantern-1.0-final.tar.gz", ["0.9", "1.0"], "1.0"],
    ["lantern-1.0-final.tar.gz", ["1.0.0"], "1.0.0"],
    ["lantern-1.0_final.zip", ["1.0"], "1.0"],
    ["lantern-1.0.final.tar.gz", ["1", "1.0.1"], "1"],
    ["lantern-1.0-final.win32-py2.7.exe", ["1.0"], "1.0"],
    ["lantern-1.0-2.tar.gz", ["1.0"], "1.0"],
    ["lantern-1.0-RC1-src.tar.gz", ["1.0", "1.0rc1", "1"], "1.0rc1"],
    ["lantern-2004-Latest-src.tar.gz", ["2004", "2004_latest"], "2004_latest"],
    ["lantern-1.0-final.tar.gz", ["1.0", "1.0 Final"], "1.0 Final"],
  ];
  for (const [file, versions, release] of CLAIMS)
    it(`${file} is of the longest of ${versions.join(", ")} that its name begins with: ${release}`, () => {
      assert.equal(releaseOf(file, "lantern", versions), release);
    });

  it("is of the release its name spells when none of the index's fits", () => {
    assert.equal(releaseOf("lantern-1.0-final.tar.gz", "lantern", []), "1.0-final");
    assert.equal(releaseOf("lantern-1.0-final.tar.gz", "lantern", ["0.1", "1.0.1"]), "1.0-final");
    assert.equal(releaseOf("lantern-1.0.1-final.tar.gz", "lantern", ["1.0"]), "1.0.1-final");
    assert.equal(releaseOf("lantern-10-final.tar.gz", "lantern", ["1"]), "10-final");
    assert.equal(releaseOf("lantern-1.0final-src.tar.gz", "lantern", ["1.0"]), "1.0final-src");
  });

  it("is no file with a version that PEP 440 knows, where only a point follows", () => {
    for (const version of ["1.0.1", "1.0.post1", "1.0.dev3", "1.0rc1"])
      assert.equal(releaseOf(`lantern-${version}.tar.gz`, "lantern", ["1.0"]), version);
  });

  it("is no wheel and no egg: their names say where the version ends", () => {
    for (const rest of ["py2-none-any.whl", "py2.7.egg"])
      assert.equal(releaseOf(`lantern-1.0_final-${rest}`, "lantern", ["1.0"]), "1.0_final");
    assert.equal(releaseOf("lantern-1.0-1-py2-none-any.whl", "lantern", ["1.0", "1.0.post1"]), "1.0");
  });
});

describe("a digest", () => {
  const hex = "ab".repeat(32);

  it("is read in either case, with or without its tag", () => {
    for (const text of [hex, hex.toUpperCase(), `sha256:${hex}`, `SHA256:${hex}`])
      assert.equal(parseDigest(text), `sha256:${hex}`);
  });

  it("is nothing else: no other algorithm, no other length, nothing around it", () => {
    for (const text of [
      "",
      hex.slice(1),
      `${hex}0`,
      `sha512:${hex}`,
      `md5:${hex}`,
      ` ${hex}`,
      `${hex}\n`,
      `sha256:sha256:${hex}`,
    ])
      assert.equal(parseDigest(text), null, JSON.stringify(text));
    assert.ok(!isDigest(hex));
    assert.ok(!isDigest(`sha256:${hex.toUpperCase()}`));
  });

  it("is SHA-256 of bytes and of text alike", () => {
    // FIPS 180-2, appendix B.1.
    const abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert.equal(sha256("abc"), abc);
    assert.equal(sha256(new Uint8Array([97, 98, 99])), abc);
  });
});
