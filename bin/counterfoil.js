#!/usr/bin/env node
// Old JavaScript on purpose: an old Node must reach the sentence below instead of a syntax error.
var wanted = [24, 11];
var running = process.versions.node.split(".").map(Number);

function isOldEnough() {
  return running[0] > wanted[0] || (running[0] === wanted[0] && running[1] >= wanted[1]);
}

if (!isOldEnough()) {
  process.stderr.write(
    "counterfoil needs Node.js " + wanted.join(".") + " or newer and this is " + process.versions.node +
      ": install Node.js 24 from https://nodejs.org/ (on Linux `npm ci` brings one along: run it with `npx counterfoil`).\n",
  );
  process.exit(3);
} else {
  // No Node strips types inside node_modules, so an installed package runs what `prepack` compiled.
  import("node:fs").then(function (fs) {
    var source = new URL("./counterfoil.ts", import.meta.url);
    return import(fs.existsSync(source) ? source.href : new URL("../dist/bin/counterfoil.js", import.meta.url).href);
  });
}
