//! One touch opens the matter again.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::back::Returned;
use shared::crypto::recovery::RecoveryCode;
use shared::ids::InviteId;

use super::matter_page::MatterPage;
use super::typed::TypeWords;
use super::words::{no_passkey, say, strange_words, trouble};
use crate::net::host::BrowserHost;
use crate::net::trouble::client_words;
use crate::platform::passkey::{self, NoPasskey};
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::notice::{Notice, Tone};
use crate::ui::trouble::{Trouble, TroublePanel};

/// Somebody who came back.
pub type Back = StoredValue<Option<Returned<BrowserHost>>, LocalStorage>;

/// Why nobody is back.
enum Why {
    Browser(NoPasskey),
    Core(Trouble),
}

fn by_passkey(error: ClientError) -> Why {
    Why::Core(trouble(&error))
}

fn by_words(error: ClientError) -> Why {
    Why::Core(if error == ClientError::SignIn { strange_words() } else { trouble(&error) })
}

async fn touch() -> Result<Returned<BrowserHost>, Why> {
    let ceremony = portal().begin_return().await.map_err(by_passkey)?;
    let touched = passkey::come_back(&ceremony.challenge).await.map_err(Why::Browser)?;
    portal().return_by_passkey(ceremony.attempt, touched).await.map_err(by_passkey)
}

/// The page.
#[component]
pub fn ReturnPage(firm: RwSignal<String>) -> impl IntoView {
    let back: Back = StoredValue::new_local(None);
    let here = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Trouble>);
    let refused = RwSignal::new(None::<NoPasskey>);
    let joined = RwSignal::new(Vec::new());
    leptos::task::spawn_local(async move {
        // A remark beside the ways: a device that cannot be read has none.
        let _ = joined.try_set(portal().joined_here().await.unwrap_or_default());
    });
    let typing = RwSignal::new(!passkey::is_supported());
    let come = move |with: Option<RecoveryCode>| {
        busy.set(true);
        failed.set(None);
        refused.set(None);
        leptos::task::spawn_local(async move {
            let came = match with {
                Some(code) => portal().return_by_words(&code).await.map_err(by_words),
                None => touch().await,
            };
            match came {
                Ok(returned) => {
                    firm.set(returned.firm_name().to_owned());
                    back.set_value(Some(returned));
                    here.set(true);
                }
                Err(Why::Browser(why)) => drop(refused.try_set(Some(why))),
                Err(Why::Core(trouble)) => drop(failed.try_set(Some(trouble))),
            }
            let _ = busy.try_set(false);
        });
    };
    move || {
        if here.get() {
            return view! { <MatterPage back/> }.into_any();
        }
        view! {
            <Heading text=say("Come back to your matter", "Volver a su asunto")/>
            <p class="lede">
                {say(
                    "Use the passkey that you made after you handed something in, or the twelve words that you kept.",
                    "Use la llave de acceso que creó después de entregar algo, o las doce palabras que guardó.",
                )}
            </p>
            <Way busy typing on_press=move |()| come(None)/>
            <Show when=move || typing.get()>
                <TypeWords busy on_words=move |code| come(Some(code))/>
            </Show>
            {move || refused.get().map(|why| view! {
                <div role="alert"><Notice tone=Tone::Warn>{no_passkey(why)}</Notice></div>
            })}
            {move || failed.get().map(|trouble| view! {
                <TroublePanel trouble words=client_words()/>
            })}
            <Here joined/>
            <p class="small muted">
                {say(
                    "You have neither, or lost it? Open the link that the firm sent you, or ask the firm for a new one.",
                    "¿No tiene ninguna de las dos o la perdió? Abra el enlace que le envió el despacho o pida uno nuevo.",
                )}
            </p>
        }
        .into_any()
    }
}

#[component]
fn Way(
    busy: RwSignal<bool>,
    typing: RwSignal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    if !passkey::is_supported() {
        let why = say(
            "This browser has no passkeys. Type the twelve words that you kept.",
            "Este navegador no tiene llaves de acceso. Escriba las doce palabras que guardó.",
        );
        return view! { <Notice tone=Tone::Warn>{why}</Notice> }.into_any();
    }
    view! {
        <div class="actions">
            <Button kind=Kind::Primary icon="key" disabled=busy on_press>
                {say("Open with my passkey", "Abrir con mi llave de acceso")}
            </Button>
            <Button kind=Kind::Quiet on_press=move |()| typing.set(true)>
                {say("Type my words", "Escribir mis palabras")}
            </Button>
        </div>
    }
    .into_any()
}

/// What this device knows of already: whoever has no receipt yet compares words, or types a code, from here.
#[component]
fn Here(joined: RwSignal<Vec<InviteId>>) -> impl IntoView {
    move || {
        let all = joined.get();
        let one = |(at, invite): (usize, &InviteId)| {
            let number = (all.len() > 1).then(|| [" ", &(at + 1).to_string()].concat());
            let name = say(
                "Go on with the keys on this device",
                "Continuar con las claves de este dispositivo",
            );
            view! { <li><a href=["/back/", &invite.to_string()].concat()>{name} {number}</a></li> }
        };
        (!all.is_empty()).then(|| view! {
            <section class="stack stack-2">
                <h2>{say("On this device", "En este dispositivo")}</h2>
                <p>
                    {say(
                        "You joined from here: there are words to read aloud, and a place for a code that the firm gave you.",
                        "Usted se unió desde aquí: hay palabras para leer en voz alta y un lugar para el código que le dio el despacho.",
                    )}
                </p>
                <ul>{all.iter().enumerate().map(one).collect_view()}</ul>
            </section>
        })
    }
}
