import tseslint from "typescript-eslint";

export default tseslint.config(...tseslint.configs.recommended, {
  files: ["**/*.ts"],
  rules: {
    eqeqeq: "error",
    "no-console": "warn",
  },
});
