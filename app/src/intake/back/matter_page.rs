//! *My matter*: the next step first, then what was handed in, then who the firm knows the client to be.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::back::VisitSeen;
use shared::ids::InviteId;

use super::aloud::Aloud;
use super::return_page::Back;
use super::words::{say, trouble};
use crate::net::pace::size;
use crate::net::trouble::client_words;
use crate::platform::clock;
use crate::platform::file::shown_name;
use crate::platform::page;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::trouble::TroublePanel;
use crate::words::{Word, fill, t};

/// The page.
#[component]
pub fn MatterPage(back: Back) -> impl IntoView {
    let visits = back.with_value(|back| back.as_ref().map(|back| back.visits()));
    let visits = match visits {
        Some(Ok(visits)) => visits,
        Some(Err(error)) => return broken(&error),
        None => return ().into_any(),
    };
    let failed = RwSignal::new(None::<ClientError>);
    let open = Callback::new(move |invite: InviteId| {
        leptos::task::spawn_local(async move {
            let Some(returned) = back.try_update_value(Option::take).flatten() else { return };
            let kept = returned.go_on_here().await;
            back.set_value(Some(returned));
            match kept {
                Ok(()) => page::go(&["/i/", &invite.to_string()].concat()),
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    });
    let next = visits.first().map(|visit| next(visit, open));
    let identity = visits.first().map(identity);
    let sent = visits.iter().filter(|visit| visit.sent.is_some() || !visit.filed.is_empty());
    let sent: Vec<AnyView> = sent.map(|visit| handed_in(visit, open)).collect();
    let nothing = sent.is_empty();
    view! {
        <Heading text=say("My matter", "Mi asunto")/>
        {move || failed.get().map(|error| view! {
            <TroublePanel trouble=trouble(&error) words=client_words()/>
        })}
        {next}
        <section class="stack stack-4">
            <h2>{say("What you handed in", "Lo que entregó")}</h2>
            {nothing.then(|| view! { <p>{say("Nothing yet.", "Nada todavía.")}</p> })}
            {sent}
        </section>
        {identity}
        <Leave back/>
    }
    .into_any()
}

fn broken(error: &ClientError) -> AnyView {
    let trouble = trouble(error);
    view! { <TroublePanel trouble words=client_words()/> }.into_any()
}

/// What there is to do, before anything else.
fn next(visit: &VisitSeen, open: Callback<InviteId>) -> AnyView {
    let invite = visit.invite;
    let over = visit.expires < clock::now();
    let (text, way) = match (&visit.sent, over) {
        (Some(_), _) => (
            fill(
                say(
                    "There is nothing to do now. {} reads what you sent and will get in touch.",
                    "Ahora no hay nada que hacer. {} lee lo que envió y se pondrá en contacto.",
                ),
                &[&visit.lawyer_name],
            ),
            None,
        ),
        (None, true) => (
            fill(
                say(
                    "The link to your form has ended. Ask {} for a new one.",
                    "El enlace a su formulario caducó. Pida uno nuevo a {}.",
                ),
                &[&visit.lawyer_name],
            ),
            None,
        ),
        (None, false) => (
            fill(
                say(
                    "“{}” is not handed in yet. Go on with it until {}.",
                    "«{}» aún no se ha entregado. Puede continuar hasta el {}.",
                ),
                &[&visit.form, &clock::day(visit.expires)],
            ),
            Some(say("Go on with the form", "Continuar con el formulario")),
        ),
    };
    let way = way.map(|word| {
        view! {
            <div class="actions">
                <Button kind=Kind::Primary after="arrow-right" on_press=move |()| open.run(invite)>
                    {word}
                </Button>
            </div>
            <p class="small muted">{stays()}</p>
        }
    });
    view! {
        <section class="stack stack-4">
            <h2>{say("Next step", "Próximo paso")}</h2>
            <p class="lede">{text}</p>
            {way}
        </section>
    }
    .into_any()
}

fn stays() -> &'static str {
    say(
        "It then stays on this device, in this browser, until you remove it there.",
        "Quedará en este dispositivo, en este navegador, hasta que lo quite allí.",
    )
}

/// One receipt, with what went along.
fn handed_in(visit: &VisitSeen, open: Callback<InviteId>) -> AnyView {
    let invite = visit.invite;
    let documents = visit.sent.as_ref().map_or(&visit.filed, |sent| &sent.documents);
    let documents = documents.iter().map(|document| {
        view! {
            <li class="item">
                <span class="what"><bdi class="name">{shown_name(&document.name)}</bdi></span>
                <span class="when">{size(document.size)}</span>
            </li>
        }
    });
    let answers = visit.sent.as_ref().map(|sent| {
        view! {
            <li class="item">
                <span class="what"><span class="name">{t(Word::ReceiptAnswers)}</span></span>
                <span class="when">{clock::day_and_time(sent.time)}</span>
            </li>
        }
    });
    let receipt = visit.sent.is_some() && visit.expires >= clock::now();
    let receipt = receipt.then(|| {
        view! {
            <div class="actions">
                <Button on_press=move |()| open.run(invite)>
                    {say("Open the receipt on this device", "Abrir el comprobante en este dispositivo")}
                </Button>
            </div>
            <p class="small muted">{stays()}</p>
        }
    });
    view! {
        <div class="stack stack-2">
            <h3>{visit.form.clone()}</h3>
            <ul class="items">{answers}{documents.collect_view()}</ul>
            {receipt}
        </div>
    }
    .into_any()
}

/// What the client can know of who the firm takes them for.
fn identity(visit: &VisitSeen) -> AnyView {
    view! { <Aloud lawyer=visit.lawyer_name.clone() digits=visit.spoken.clone()/> }.into_any()
}

/// Goes, and leaves nothing behind.
#[component]
fn Leave(back: Back) -> impl IntoView {
    let leave = move |()| {
        leptos::task::spawn_local(async move {
            let Some(returned) = back.try_update_value(Option::take).flatten() else { return };
            // Without a network the session ends by itself; the page loses what it holds in any case.
            let _ = returned.leave().await;
            page::go("/back");
        });
    };
    view! {
        <div class="actions">
            <Button kind=Kind::Quiet icon="exit" on_press=leave>{say("Sign out", "Cerrar sesión")}</Button>
        </div>
    }
    .into_any()
}
