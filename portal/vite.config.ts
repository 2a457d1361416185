import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** `npm run build:portal` writes `portal/dist`; the program serves it. `vite portal` is for working on it. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: "es2023",
    // Pictures as files: the content policy of the pages allows no data addresses in scripts or styles.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    manifest: true,
    emptyOutDir: true,
  },
  server: {
    port: 5173,
    // The API and the sign-in of a program that runs beside.
    proxy: Object.fromEntries(
      ["/v1", "/portal", "/board", "/openapi.json", "/docs"].map((path) => [
        path,
        { target: process.env.SIGNALBOX_URL ?? "http://localhost:8080", changeOrigin: true },
      ]),
    ),
  },
});
