import { defineConfig } from "vite";

// The bundle is committed and compiled into the binary, so it must come out the same on every machine: fixed names (the
// server's entity tags tell versions apart), one script, one stylesheet, nothing inline (the content policy forbids it).
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    outDir: process.env.KVALI_WEB_OUT ?? "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        inlineDynamicImports: true,
        entryFileNames: "assets/app.js",
        assetFileNames: (asset) => (asset.names.some((name) => name.endsWith(".css")) ? "assets/app.css" : "assets/[name][extname]"),
      },
    },
  },
  server: { proxy: { "/v1": { target: process.env.KVALI_SERVER ?? "http://127.0.0.1:8080", ws: true } } },
});
