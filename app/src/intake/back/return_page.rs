//! One touch opens the matter again.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::back::Returned;

use super::matter_page::MatterPage;
use super::words::{no_passkey, say, trouble};
use crate::net::host::BrowserHost;
use crate::net::trouble::client_words;
use crate::platform::passkey::{self, NoPasskey};
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::notice::{Notice, Tone};
use crate::ui::trouble::TroublePanel;

/// Somebody who came back.
pub type Back = StoredValue<Option<Returned<BrowserHost>>, LocalStorage>;

/// Why nobody is back.
enum Why {
    Browser(NoPasskey),
    Core(ClientError),
}

async fn touch() -> Result<Returned<BrowserHost>, Why> {
    let ceremony = portal().begin_return().await.map_err(Why::Core)?;
    let touched = passkey::come_back(&ceremony.challenge).await.map_err(Why::Browser)?;
    portal().return_by_passkey(ceremony.attempt, touched).await.map_err(Why::Core)
}

/// The page.
#[component]
pub fn ReturnPage(firm: RwSignal<String>) -> impl IntoView {
    let back: Back = StoredValue::new_local(None);
    let here = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let refused = RwSignal::new(None::<NoPasskey>);
    let press = move |()| {
        busy.set(true);
        failed.set(None);
        refused.set(None);
        leptos::task::spawn_local(async move {
            match touch().await {
                Ok(returned) => {
                    firm.set(returned.firm_name().to_owned());
                    back.set_value(Some(returned));
                    here.set(true);
                }
                Err(Why::Browser(why)) => drop(refused.try_set(Some(why))),
                Err(Why::Core(error)) => drop(failed.try_set(Some(error))),
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
                    "Use the passkey that you made after you handed something in.",
                    "Use la llave de acceso que creó después de entregar algo.",
                )}
            </p>
            <Way busy on_press=press/>
            {move || refused.get().map(|why| view! {
                <div role="alert"><Notice tone=Tone::Warn>{no_passkey(why)}</Notice></div>
            })}
            {move || failed.get().map(|error| view! {
                <TroublePanel trouble=trouble(&error) words=client_words()/>
            })}
            <p class="small muted">
                {say(
                    "You have no passkey, or lost it? Open the link that the firm sent you, or ask the firm for a new one.",
                    "¿No tiene llave de acceso o la perdió? Abra el enlace que le envió el despacho o pida uno nuevo.",
                )}
            </p>
        }
        .into_any()
    }
}

#[component]
fn Way(busy: RwSignal<bool>, #[prop(into)] on_press: Callback<()>) -> impl IntoView {
    if !passkey::is_supported() {
        let why = no_passkey(NoPasskey::Unsupported);
        return view! { <Notice tone=Tone::Warn>{why}</Notice> }.into_any();
    }
    view! {
        <div class="actions">
            <Button kind=Kind::Primary icon="key" disabled=busy on_press>
                {say("Open with my passkey", "Abrir con mi llave de acceso")}
            </Button>
        </div>
    }
    .into_any()
}
