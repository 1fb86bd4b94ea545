import { connect } from "node:net";
import { freePort } from "../programs/ports.ts";
import { Server } from "../programs/server.ts";
import { dynamoDbLocal } from "./installed.ts";

/** A running DynamoDB Local, in memory. */
export interface DynamoDbLocal {
  readonly url: string;
  readonly server: Server;
}

export async function startDynamoDbLocal(folder: string): Promise<DynamoDbLocal> {
  const port = await freePort();
  const libraries = `-Djava.library.path=${dynamoDbLocal}/DynamoDBLocal_lib`;
  const own = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", String(port)];
  const server = await Server.start({
    name: "DynamoDB Local",
    command: ["java", "-Xmx384m", libraries, "-jar", `${dynamoDbLocal}/DynamoDBLocal.jar`, ...own],
    env: process.env,
    log: `${folder}/dynamodb-local.log`,
    isUp: () => listens(port),
  });
  return { url: `http://127.0.0.1:${port}`, server };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
