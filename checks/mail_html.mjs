// Faults of a mail's HTML as JSON: `node markup.mjs FILE`, by html-validate and caniemail.
import { readFileSync } from "node:fs";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { caniemail } from "caniemail";

// The recommended rules, but for what is right on a page and wrong in a mail: mail programs
// want styles inline, tables for layout, `align` and `bgcolor` for Word, XHTML's void elements,
// conditional comments and the long doctype of what MJML prints.
const RULES = {
  "attr-case": "off",
  "attribute-boolean-style": "off",
  "doctype-style": "off",
  "long-title": "off",
  "meta-refresh": "off",
  "no-conditional-comment": "off",
  "no-deprecated-attr": "off",
  "no-inline-style": "off",
  "no-redundant-role": "off", // Safari takes the role from a list without bullets
  "no-trailing-whitespace": "off",
  "no-utf8-bom": "off",
  "prefer-native-element": "off",
  "void-style": "off",
  "wcag/h63": "off",
};
const CLIENTS = ["gmail.*", "outlook.windows", "outlook.outlook-com", "apple-mail.*", "yahoo.*"];

const html = readFileSync(process.argv[2], "utf8");
const config = { extends: ["html-validate:recommended"], rules: RULES };
const report = await new HtmlValidate(new StaticConfigLoader(config)).validateString(html);
const faults = report.results.flatMap((result) =>
  result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
);
const { issues } = caniemail({ clients: CLIENTS, html });
const lacks = {};
for (const [client, found] of issues.errors) {
  for (const { title } of found) (lacks[title] ??= new Set()).add(client);
}
const listed = Object.entries(lacks).map(([title, clients]) => [title, [...clients]]);
console.log(JSON.stringify({ faults: [...new Set(faults)], lacks: Object.fromEntries(listed) }));
