import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DEFAULT_POLICY } from "../../functions/domain/policy.ts";
import { done, pathOf, refusal, standing, toldOf } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { openWorld, type World } from "./world.ts";

const RELEASES = { provider: "github", repository: "psf/requests", workflow: "release.yml" } as const;

/** Changes the provenance that one watcher of `six` expects. */
async function scene() {
  const world = await openWorld();
  const own = await watcher(world);
  const key = own.maintainer;
  const patch = (json: object) => done(world, "PATCH", `${pathOf(own)}/policy`, { key, json });
  const refused = (json: object) => refusal(world, "PATCH", `${pathOf(own)}/policy`, { key, json });
  return { world, own, patch, refused };
}

const enrolled = async (world: World, policy: object): Promise<{ policy: object }> => {
  const asked = { key: world.operator, json: { project: "seven", policy } };
  return done<{ policy: object }>(world, "POST", "/v1/enrolments", asked);
};

suite("the publisher that a watcher expects", () => {
  test("is chosen at enrolment, counting and builders and all, at once", async () => {
    const provenance = { publisher: RELEASES, counts: true };
    const builders = [{ files: "*.whl", publisher: { ...RELEASES, workflow: null } }];
    const { policy } = await enrolled(await openWorld(), { provenance, builders });
    assert.deepEqual(policy, { ...DEFAULT_POLICY, provenance, builders });
  });

  test("is kept in the form in which certificates name it, and counts for nothing unless that is said", async () => {
    const { world, own, patch } = await scene();
    await patch({
      provenance: {
        publisher: {
          repository: "https://github.com/psf/requests/",
          workflow: ".github/workflows/release.yml",
        },
      },
    });
    assert.deepEqual(standing(world, own).policy.provenance, { publisher: RELEASES, counts: false });
  });

  test("is told in words, and asked for twice is asked for once", async () => {
    const { world, patch } = await scene();
    const { changes } = await patch({ provenance: { publisher: RELEASES } });
    assert.deepEqual(
      changes.map(({ what }) => what),
      ["Policy: expected provenance from none to github:psf/requests/release.yml."],
    );
    assert.deepEqual((await patch({ provenance: { publisher: RELEASES } })).changes, []);
    assert.equal(toldOf(world).length, 1);
    const ending = await patch({ provenance: null });
    assert.deepEqual(
      ending.changes.map(({ what, inForceAt }) => [what, inForceAt > world.kept.now]),
      [["Policy: expected provenance from github:psf/requests/release.yml to none.", true]],
    );
    assert.deepEqual((await patch({ provenance: null })).changes, []);
  });

  test("is refused where no certificate could name it", async () => {
    const { refused } = await scene();
    const publishers: readonly [object, string][] = [
      [{ repository: "requests", provider: "github" }, "bad-publisher"],
      [{ repository: "psf/requests" }, "bad-publisher"],
      [{ repository: "psf/requests", provider: "github", workflow: "../release.yml" }, "bad-publisher"],
      [{ repository: "psf/requests", provider: "github", workflow: "release" }, "bad-publisher"],
      [{ repository: "psf/requests", provider: "bitbucket" }, "bad-policy"],
      [{ repository: "", provider: "github" }, "bad-policy"],
      [{ ...RELEASES, ref: "refs/heads/main" }, "unknown-field"],
    ];
    for (const [publisher, code] of publishers) {
      assert.equal(await refused({ provenance: { publisher } }), code, JSON.stringify(publisher));
      assert.equal(await refused({ builders: [{ files: "*", publisher }] }), code, JSON.stringify(publisher));
    }
    const many = Array.from({ length: 21 }, () => ({ files: "*", publisher: RELEASES }));
    assert.equal(await refused({ builders: many }), "bad-policy");
    assert.equal(await refused({ provenance: {} }), "bad-policy");
  });
});
