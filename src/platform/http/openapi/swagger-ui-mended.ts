/**
 * What Swagger UI's own style is short of, by axe-core: too little contrast in many places, the numbers of examples among
 * them, and the choice of the server, of which there is one, has no name. No answer has links: their column is left out.
 */
export const READABLE = `
.swagger-ui .opblock[class][class] .opblock-summary-method { background: #1f2937; }
.swagger-ui .json-schema-2020-12-expand-deep-button[class], .swagger-ui .info .link[class] .url { color: #0b4f8a; }
.swagger-ui .btn.authorize { color: #0b6b3a; border-color: #0b6b3a; }
.swagger-ui .info .title small { background: #3b4151; }
.swagger-ui .info .title small.version-stamp { background: #0b6b3a; }
.swagger-ui .servers, .swagger-ui .servers-title { display: none; }
.swagger-ui .parameter__in[class] { color: #3b4151; }
.swagger-ui .renderedMarkdown code { color: #4a0a8f; }
.swagger-ui .btn.cancel[class] { color: #a3120a; border-color: #a3120a; }
.swagger-ui .btn.execute[class] { background: #1d5fae; border-color: #1d5fae; }
.swagger-ui .response-control-media-type__accept-message[class], .swagger-ui .response-control-media-type__accept-message code { color: #0b5a1e; }
.swagger-ui .microlight span[style*='rgb(211, 99, 99)'] { color: #ffa3a3 !important; }
.swagger-ui .response-col_links { display: none; }
`;

/**
 * What no style mends, for who uses a keyboard or a screen reader: a link lies within the button that opens an operation,
 * the field for a body has no name, and long examples scroll but cannot be reached.
 */
export const REACHABLE = `
function mend() {
  for (const link of document.querySelectorAll('.opblock-summary-control a[href]')) link.removeAttribute('href');
  for (const field of document.querySelectorAll('textarea:not([aria-label])')) field.setAttribute('aria-label', 'Body of the request');
  for (const example of document.querySelectorAll('.microlight:not([tabindex])')) example.tabIndex = 0;
}
new MutationObserver(mend).observe(document.documentElement, { childList: true, subtree: true });
`;
