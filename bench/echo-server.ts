import Fastify from "fastify";
import { serve } from "./child.ts";

/** What durable answers are measured against: bare Fastify that reads JSON and sends it back. */
const app = Fastify({ logger: false });
app.post("/echo", (request) => request.body);

serve({
  async listen() {
    await app.listen({ host: "127.0.0.1", port: 0 });
    const address = app.server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  },
});
