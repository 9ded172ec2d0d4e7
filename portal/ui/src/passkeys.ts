// Makes or uses a passkey when asked to, and sends what it answers with the form of the page. Binary values
// travel as base64url, in the shape that WebAuthn level 3 gives them in JSON.
type Json = Record<string, unknown>;

export function offerPasskeys(page: Document): void {
  const place = page.querySelector<HTMLElement>("[data-passkey]");
  const options = page.getElementById("passkey-options")?.textContent;
  const field = page.getElementById(place?.dataset["field"] ?? "");
  if (place === null || !options || !(field instanceof HTMLInputElement) || field.form === null) return;
  if (!("credentials" in navigator) || !("PublicKeyCredential" in window)) return;
  place.hidden = false;
  const form = field.form;
  const make = place.dataset["passkey"] === "make";
  const ask = (): void => {
    complain(place, false);
    answer(make, JSON.parse(options) as Json)
      .then((given) => {
        field.value = JSON.stringify(given);
        form.submit();
      })
      .catch(() => complain(place, true));
  };
  if (make) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // nothing is sent yet: a second try must not pass for a second click
      ask();
    });
  } else place.querySelector("button")?.addEventListener("click", ask);
}

async function answer(make: boolean, options: Json): Promise<Json> {
  const found = make
    ? await navigator.credentials.create({ publicKey: decoded(options) as unknown as PublicKeyCredentialCreationOptions })
    : await navigator.credentials.get({ publicKey: decoded(options) as unknown as PublicKeyCredentialRequestOptions });
  if (!(found instanceof PublicKeyCredential)) throw new Error("No passkey.");
  return {
    id: found.id,
    rawId: toText(found.rawId),
    type: found.type,
    authenticatorAttachment: found.authenticatorAttachment,
    clientExtensionResults: found.getClientExtensionResults(),
    response: make ? made(found.response) : signed(found.response),
  };
}

function made(response: AuthenticatorResponse): Json {
  const { clientDataJSON, attestationObject, getTransports } = response as AuthenticatorAttestationResponse;
  const transports = typeof getTransports === "function" ? getTransports.call(response) : [];
  return { clientDataJSON: toText(clientDataJSON), attestationObject: toText(attestationObject), transports };
}

function signed(response: AuthenticatorResponse): Json {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse;
  return {
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle === null ? null : toText(userHandle),
  };
}

// The options with their binary parts as bytes: the challenge, and every id of a person or a passkey.
function decoded(options: Json): Json {
  const ids = (list: unknown): unknown => (list as Json[] | undefined)?.map((one) => ({ ...one, id: toBytes(one["id"]) }));
  const user = options["user"] as Json | undefined;
  return {
    ...options,
    challenge: toBytes(options["challenge"]),
    ...(user && { user: { ...user, id: toBytes(user["id"]) } }),
    ...("excludeCredentials" in options && { excludeCredentials: ids(options["excludeCredentials"]) }),
    ...("allowCredentials" in options && { allowCredentials: ids(options["allowCredentials"]) }),
  };
}

function toBytes(text: unknown): Uint8Array {
  const plain = atob(String(text).replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function toText(bytes: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function complain(place: HTMLElement, shown: boolean): void {
  const sentence = place.querySelector<HTMLElement>('[role="alert"]');
  if (sentence !== null) sentence.hidden = !shown;
}

offerPasskeys(document);
