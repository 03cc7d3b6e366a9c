// The start page: whether the service is ready, and its URL in the command.

const service = new URL("./", document.baseURI);

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

element("service").textContent = service.href.replace(/\/$/, "");
try {
  const response = await fetch(new URL("ready", service), { headers: { Accept: "application/json" } });
  const { detail } = await response.json();
  element("ready").textContent = response.ok ? "It is ready." : `It is not ready: ${detail}`;
} catch {
  element("ready").textContent = "It did not answer whether it is ready.";
}

export {};
