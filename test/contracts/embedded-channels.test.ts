import { minute } from "../domain/perfect.ts";
import { type Hook, startHook } from "../embedded/receivers.ts";
import { Told } from "../embedded/rig.ts";
import { type ChannelsHost, channelsContract } from "./channels.ts";

async function host(): Promise<ChannelsHost> {
  const told = new Told();
  const hooks = new Map<string, Hook>();
  return {
    channels: told.channels,
    topics: told.topics,
    refused: "ftp://hook.example/",
    webhook: async () => {
      const hook = await startHook();
      hooks.set(hook.url, hook);
      return hook.url;
    },
    reached: async (address) => {
      await told.drain();
      const bodies = (hooks.get(address)?.got ?? []).map(({ body }) => JSON.parse(body));
      return bodies.map(({ schema, id }) => (schema === "counterfoil.confirmation.v1" ? "asked" : id));
    },
    confirm: async (contact) => ({ ...contact, confirmedAt: minute(1) }),
    close: async () => {
      told.close();
      for (const hook of hooks.values()) await hook.close();
    },
  };
}

channelsContract("one SQLite file", host);
