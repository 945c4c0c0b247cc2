//! Passkeys, as the browser has them (WebAuthn level 3). What a passkey's PRF gives goes from the browser
//! to the keys, and is wiped where the browser put it; nothing of it is ever sent.

use js_sys::{Array, ArrayBuffer, Function, Object, Promise, Reflect, Uint8Array};
use shared::client::back::{MadeBack, Touched};
use shared::client::passkey::{MadePasskey, Prf, Signed};
use shared::crypto::rng;
use shared::crypto::slots::prf_salt;
use shared::encoding::B64;
use shared::identity::wire::factors::{Assertion, Ceremony};
use shared::secret::Secret;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::page;

/// ES256 and RS256: every authenticator has one, and the server takes both.
const ALGORITHMS: [i32; 2] = [-7, -257];
/// How long the browser waits for a touch: as long as the server does.
const PATIENCE: u32 = 300_000;

/// Why there is no passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPasskey {
    /// The browser knows none.
    Unsupported,
    /// The person, or the clock, said no; the browser does not tell which.
    Cancelled,
    /// This device has one of this account already.
    HasOne,
    /// Anything else.
    Failed,
}

/// For whom a passkey is made, as the browser shows it; of this nothing goes to the server.
pub struct Whose {
    /// WebAuthn's user handle: an account's id, or what a client's passkey is to remember.
    pub id: Vec<u8>,
    /// The firm's name.
    pub firm: String,
    /// The person's name.
    pub name: String,
    /// The sign-in name.
    pub handle: String,
}

/// Whether this browser knows passkeys, and can have some for this address: not for a bare number.
#[must_use]
pub fn is_supported() -> bool {
    let host = page::window().location().hostname().unwrap_or_default();
    let number = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    !number
        && Reflect::has(&page::window(), &"PublicKeyCredential".into()).unwrap_or(false)
        && credentials().is_some()
}

/// Makes a passkey. Where it has a PRF that only tells when it is used, it is used at once, which is a
/// second touch.
///
/// # Errors
/// See [`NoPasskey`].
pub async fn make(
    ceremony: &Ceremony,
    whose: &Whose,
    known: &[B64],
) -> Result<MadePasskey, NoPasskey> {
    Ok(make_back(ceremony, whose, known).await?.passkey)
}

/// As [`make`], with the passkey's credential id.
///
/// # Errors
/// See [`NoPasskey`].
pub async fn make_back(
    ceremony: &Ceremony,
    whose: &Whose,
    known: &[B64],
) -> Result<MadeBack, NoPasskey> {
    let options = object(&[
        ("challenge", bytes(&ceremony.challenge.0)),
        ("rp", object(&[("name", whose.firm.as_str().into())])),
        ("user", user(whose)),
        ("pubKeyCredParams", ALGORITHMS.iter().map(algorithm).collect::<Array>().into()),
        ("excludeCredentials", listed(known)),
        ("authenticatorSelection", selection()),
        ("attestation", "none".into()),
        ("timeout", PATIENCE.into()),
        ("extensions", asking_prf()),
    ]);
    let made = ask("create", &options).await?;
    let response = field(&made, "response")?;
    let (found, enabled) = prf_of(&made);
    let credential = raw(&field(&made, "rawId")?);
    let prf = match found {
        None if enabled => use_prf(&credential).await,
        found => found,
    };
    let passkey = MadePasskey {
        attempt: ceremony.attempt.clone(),
        object: raw(&field(&response, "attestationObject")?),
        client_data: raw(&field(&response, "clientDataJSON")?),
        prf,
    };
    Ok(MadeBack { passkey, credential })
}

/// Lets a passkey sign: one of `known`, or any of this site where there are none. With `prf`, it gives that.
///
/// # Errors
/// See [`NoPasskey`].
pub async fn sign(challenge: &B64, known: &[B64], prf: bool) -> Result<Signed, NoPasskey> {
    Ok(touch(challenge, known, prf).await?.signed)
}

/// As [`sign`] of any passkey of this site, for its PRF, with what the passkey remembers.
///
/// # Errors
/// See [`NoPasskey`].
pub async fn come_back(challenge: &B64) -> Result<Touched, NoPasskey> {
    touch(challenge, &[], true).await
}

async fn touch(challenge: &B64, known: &[B64], prf: bool) -> Result<Touched, NoPasskey> {
    let mut fields = vec![
        ("challenge", bytes(&challenge.0)),
        ("allowCredentials", listed(known)),
        ("userVerification", "required".into()),
        ("timeout", PATIENCE.into()),
    ];
    if prf {
        fields.push(("extensions", asking_prf()));
    }
    let signed = ask("get", &object(&fields)).await?;
    let response = field(&signed, "response")?;
    let assertion = Assertion {
        credential: B64(raw(&field(&signed, "rawId")?)),
        authenticator: B64(raw(&field(&response, "authenticatorData")?)),
        client_data: B64(raw(&field(&response, "clientDataJSON")?)),
        signature: B64(raw(&field(&response, "signature")?)),
    };
    let handle = field(&response, "userHandle")?;
    let handle = if handle.is_object() { raw(&handle) } else { Vec::new() };
    Ok(Touched { signed: Signed { assertion, prf: prf_of(&signed).0 }, handle })
}

// Some authenticators tell the PRF at the first use only. What is signed here goes nowhere.
async fn use_prf(credential: &[u8]) -> Option<Prf> {
    let nothing: [u8; 32] = rng::random();
    let signed = sign(&B64(nothing.to_vec()), &[B64(credential.to_vec())], true).await;
    signed.ok().and_then(|signed| signed.prf)
}

fn user(whose: &Whose) -> JsValue {
    object(&[
        ("id", bytes(&whose.id)),
        ("name", whose.handle.as_str().into()),
        ("displayName", whose.name.as_str().into()),
    ])
}

fn algorithm(number: &i32) -> JsValue {
    object(&[("type", "public-key".into()), ("alg", (*number).into())])
}

fn selection() -> JsValue {
    object(&[
        ("residentKey", "required".into()),
        ("requireResidentKey", true.into()),
        ("userVerification", "required".into()),
    ])
}

fn asking_prf() -> JsValue {
    let eval = object(&[("first", bytes(&prf_salt()))]);
    object(&[("prf", object(&[("eval", eval)]))])
}

fn listed(known: &[B64]) -> JsValue {
    let entry = |id: &B64| object(&[("type", "public-key".into()), ("id", bytes(&id.0))]);
    known.iter().map(entry).collect::<Array>().into()
}

async fn ask(verb: &str, options: &JsValue) -> Result<JsValue, NoPasskey> {
    let container = credentials().ok_or(NoPasskey::Unsupported)?;
    let method: Function =
        field(&container, verb)?.dyn_into().map_err(|_| NoPasskey::Unsupported)?;
    let asked = method.call1(&container, &object(&[("publicKey", options.clone())]));
    let promise: Promise =
        asked.map_err(refused)?.dyn_into().map_err(|_| NoPasskey::Unsupported)?;
    JsFuture::from(promise).await.map_err(refused)
}

fn credentials() -> Option<JsValue> {
    let container = Reflect::get(&page::window().navigator(), &"credentials".into()).ok()?;
    container.is_object().then_some(container)
}

fn refused(error: JsValue) -> NoPasskey {
    let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotAllowedError" | "AbortError") => NoPasskey::Cancelled,
        Some("InvalidStateError") => NoPasskey::HasOne,
        Some("NotSupportedError") => NoPasskey::Unsupported,
        _ => NoPasskey::Failed,
    }
}

/// The PRF's answer, wiped where it stood, and whether the passkey says that it has one.
fn prf_of(credential: &JsValue) -> (Option<Prf>, bool) {
    let answered = || -> Result<JsValue, NoPasskey> {
        let method: Function = field(credential, "getClientExtensionResults")?
            .dyn_into()
            .map_err(|_| NoPasskey::Failed)?;
        field(&method.call0(credential).map_err(refused)?, "prf")
    };
    let Ok(prf) = answered() else { return (None, false) };
    if !prf.is_object() {
        return (None, false);
    }
    let enabled = field(&prf, "enabled").is_ok_and(|enabled| enabled.is_truthy());
    let first = field(&prf, "results").and_then(|results| field(&results, "first"));
    let found = first.ok().and_then(|first| {
        let view = Uint8Array::new(&first);
        let mut bytes = [0; 32];
        if view.length() != 32 {
            return None;
        }
        view.copy_to(&mut bytes);
        view.fill(0, 0, 32);
        Some(Secret::new(bytes))
    });
    (found, enabled)
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn field(of: &JsValue, name: &str) -> Result<JsValue, NoPasskey> {
    Reflect::get(of, &name.into()).map_err(|_| NoPasskey::Failed)
}

fn raw(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec()
}
