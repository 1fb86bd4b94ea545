import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { render } from "../../functions/alert/render.ts";
import { type Contact, newEnrolment } from "../../functions/domain/enrolments.ts";
import { aboutDrill } from "../../functions/domain/notices.ts";
import {
  type Alert,
  ChannelRefused,
  type Channels,
  type ConfirmationAsked,
  type Topics,
} from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";

/** What a host hands to the contract: its channels and topics, and a receiver at each contact's address. */
export interface ChannelsHost {
  readonly channels: Channels;
  readonly topics: Topics;
  /** An address of its own for each name, at which somebody reads. */
  webhook(name: string): Promise<string>;
  /** An address of a webhook that this host must refuse. */
  readonly refused: string;
  /** Everything that reached an address so far, once all that is due was delivered: `asked`, or an alert's id. */
  reached(address: string): Promise<readonly string[]>;
  /** Whoever reads there says that they want to be told. Answers the contact as its enrolment knows it from then on. */
  confirm(contact: Contact): Promise<Contact>;
  close(): Promise<void>;
}

const ENROLMENT = newEnrolment({ id: "0000000000000001", project: "lantern", enrolledAt: minute(0) });
const alertAt = (at: number): Alert => render(aboutDrill(ENROLMENT, minute(at), "k1"));

const contactAt = (id: string, address: string): Contact => ({
  id,
  kind: "webhook",
  address,
  confirmedAt: null,
  handle: null,
  addedAt: minute(0),
  endsAt: null,
});

const askedOf = (contact: Contact): ConfirmationAsked => ({
  project: ENROLMENT.project,
  enrolment: ENROLMENT.id,
  contact,
  token: `cf_contact_${contact.id}_secret`,
  url: `https://monitor.example/confirm#cf_contact_${contact.id}_secret`,
});

type Claim = (host: ChannelsHost, contact: Contact) => Promise<void>;

/** Runs a claim on a fresh host, with a contact that was asked. */
const asked =
  (make: () => Promise<ChannelsHost>, claim: Claim): (() => Promise<void>) =>
  async () => {
    const host = await make();
    try {
      const contact = contactAt("c000000000000001", await host.webhook("one"));
      const handle = await host.channels.ask(askedOf(contact));
      await claim(host, { ...contact, handle });
    } finally {
      await host.close();
    }
  };

export function channelsContract(name: string, make: () => Promise<ChannelsHost>): void {
  describe(`${name}: a contact that was asked`, () => {
    it(
      "gets the question, and no alert before it answers",
      asked(make, async (host, contact) => {
        await host.topics.publish(alertAt(1), [contact]);
        assert.deepEqual(await host.reached(contact.address), ["asked"]);
        assert.deepEqual([...(await host.channels.confirmed([contact]))], []);
      }),
    );

    it(
      "counts as confirmed once it answered, and is told from then on",
      asked(make, async (host, contact) => {
        const confirmed = await host.confirm(contact);
        assert.deepEqual([...(await host.channels.confirmed([confirmed]))], [contact.id]);
        await host.topics.publish(alertAt(2), [confirmed]);
        assert.deepEqual(await host.reached(contact.address), ["asked", alertAt(2).id]);
      }),
    );

    it(
      "is asked again when it is asked again, under the same name",
      asked(make, async (host, contact) => {
        assert.equal(await host.channels.ask(askedOf(contact)), contact.handle);
        assert.deepEqual(await host.reached(contact.address), ["asked", "asked"]);
      }),
    );

    it(
      "is told what it is named for, and not what another is",
      asked(make, async (host, contact) => {
        const other = contactAt("c000000000000002", await host.webhook("other"));
        const handle = await host.channels.ask(askedOf(other));
        const [one, two] = [await host.confirm(contact), await host.confirm({ ...other, handle })];
        assert.deepEqual(
          [...(await host.channels.confirmed([one, two]))].sort(),
          [contact.id, other.id].sort(),
        );
        await host.topics.publish(alertAt(3), [two]);
        assert.deepEqual(await host.reached(contact.address), ["asked"]);
        assert.deepEqual(await host.reached(other.address), ["asked", alertAt(3).id]);
      }),
    );

    it(
      "recognises by its id what is published twice",
      asked(make, async (host, contact) => {
        const confirmed = await host.confirm(contact);
        for (let time = 0; time < 2; time += 1) await host.topics.publish(alertAt(4), [confirmed]);
        const ids = (await host.reached(contact.address)).slice(1);
        assert.equal(new Set(ids).size, 1, "the same alert has the same id");
        assert.equal(ids[0], alertAt(4).id);
      }),
    );
  });

  describe(`${name}: nobody`, () => {
    it(
      "is confirmed among no contacts",
      asked(make, async (host) => {
        assert.deepEqual([...(await host.channels.confirmed([]))], []);
      }),
    );

    it(
      "is asked at an address that the host must not reach",
      asked(make, async (host) => {
        const contact = contactAt("c000000000000003", host.refused);
        await assert.rejects(host.channels.ask(askedOf(contact)), ChannelRefused);
      }),
    );
  });
}
