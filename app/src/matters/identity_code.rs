//! Proving contact: a code, read aloud or mailed, that the client types back.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::contact::{CodeSeen, Compared};
use shared::journal::code::{Channel, MOST_TRIES};
use shared::journal::verdict::Ways;
use shared::matters::mail::{CodeMail, MailState};
use shared::time::Timestamp;

use super::identity_check::Judge;
use crate::keys::ring::ring;
use crate::platform::{clock, page};
use crate::portal::portal;
use crate::ui::button::Button;
use crate::ui::field::{Line, TextField};
use crate::ui::fingerprint::Fingerprint;
use crate::ui::notice::{Notice, Tone};

/// How often a waiting mail is asked about, in milliseconds.
const ASKED_EVERY: i32 = 5_000;

/// The way.
#[component]
pub fn Contact(
    judge: Judge,
    seen: Option<CodeSeen>,
    /// Whether contact is all that was proven: what comes next is here.
    proven: bool,
) -> impl IntoView {
    // Whether its time is over is for the server's clock to say: this device's may be wrong.
    let open = seen.clone().filter(|seen| seen.left > 0);
    let told = RwSignal::new(None::<(Tone, String)>);
    let came = seen.filter(|seen| !seen.over && seen.tries > 0).is_some() || open.is_some();
    let next = proven && judge.knows(Ways::CODE);
    let address = [&page::origin(), "/back"].concat();
    // Contact alone is no verdict on who it is: somebody says so.
    let enough = judge.knows(Ways::CODE).then(|| {
        view! {
            <p>"The code came back. If you know who has that telephone or address, say so."</p>
            <Button icon="check" disabled=judge.busy on_press=move |()| judge.verified(Ways::CODE)>
                "Verified by the code"
            </Button>
        }
    });
    view! {
        <details class="more" open=came || next>
            <summary>"Prove contact by a code"</summary>
            <div class="stack stack-4">
                <p>
                    "Your client types the code under their receipt; whoever has none yet goes to " <strong>{address}</strong>
                    " on the same device. If it comes back, whoever has this browser \
                     answers that telephone, or reads that mailbox. It says not yet who they are."
                </p>
                {open.as_ref().map(|seen| view! { <Open judge seen=seen.clone()/> })}
                {came.then(|| view! { <Compare judge told/> })}
                <Voice judge again=open.is_some()/>
                <Mail judge seen=open/>
                {enough}
            </div>
        </details>
    }
    .into_any()
}

/// A code that is waited for.
#[component]
fn Open(judge: Judge, seen: CodeSeen) -> impl IntoView {
    let over = seen.ends < clock::now();
    let works = if over { "It worked until" } else { "It works until" };
    let ends = clock::short_with_time(seen.ends);
    let asked = seen.by.map(|name| format!(" {name} asked for it.")).unwrap_or_default();
    let digits = (seen.channel == Channel::Voice).then(|| {
        let code = ring().and_then(|ring| portal().code(&ring, judge.matter, judge.client));
        match code {
            Ok(code) => {
                let (head, tail) = code.split_at_checked(4).unwrap_or((&code, ""));
                let spaced = [head, " ", tail].concat();
                view! {
                    <p>"Call your client at a number that you know, and read them this code:"</p>
                    <Fingerprint digits=spaced/>
                }
                .into_any()
            }
            Err(_) => view! { <p>"The code does not open for you. Make a new one."</p> }.into_any(),
        }
    });
    view! {
        {digits}
        <p class="muted">{format!("{works} {ends}, for {MOST_TRIES} tries.{asked}")}</p>
    }
    .into_any()
}

/// Looks at what came back.
#[component]
fn Compare(judge: Judge, told: RwSignal<Option<(Tone, String)>>) -> impl IntoView {
    let compare = move |()| {
        judge.does(move || async move {
            let ring = ring()?;
            match portal().compare_code(&ring, judge.matter, judge.client).await? {
                Compared::Right => judge.changed("Contact confirmed."),
                Compared::Wrong(left) => told.set(Some((Tone::Warn, wrong(left)))),
                Compared::Nothing => {
                    told.set(Some((Tone::Plain, "Nothing came back yet.".to_owned())));
                }
            }
            Ok(())
        });
    };
    view! {
        <Button icon="check" disabled=judge.busy on_press=compare>"Look at what came back"</Button>
        <div role="status">
            {move || told.get().map(|(tone, text)| view! { <Notice tone>{text}</Notice> })}
        </div>
    }
    .into_any()
}

fn wrong(left: usize) -> String {
    match left {
        0 => {
            "What came back is not the code, and no more tries are left. Make a new one.".to_owned()
        }
        1 => "What came back is not the code. One more try is left.".to_owned(),
        _ => format!("What came back is not the code. {left} more tries are left."),
    }
}

/// A new code, to be read aloud.
#[component]
fn Voice(judge: Judge, again: bool) -> impl IntoView {
    let ask = move |()| {
        judge.does(move || async move {
            portal().ask_code(&*ring()?, judge.matter, judge.client, Channel::Voice).await?;
            judge.changed("The code is made.");
            Ok(())
        });
    };
    view! {
        <Button disabled=judge.busy on_press=ask>
            {if again { "Read another code on the telephone" } else { "Read a code on the telephone" }}
        </Button>
    }
    .into_any()
}

/// A code by mail, and how that fares.
#[component]
fn Mail(judge: Judge, seen: Option<CodeSeen>) -> impl IntoView {
    let record = seen.filter(|seen| seen.channel == Channel::Mail).map(|seen| seen.record);
    let mail = RwSignal::new(None::<CodeMail>);
    leptos::task::spawn_local(async move {
        // Until the panel goes, or there is nothing more to wait for.
        while let Ok(fares) = portal().code_mail(record).await {
            let gone = mail.try_set(Some(fares)).is_some();
            if gone || fares.state != MailState::Waiting {
                return;
            }
            clock::sleep(ASKED_EVERY).await;
        }
    });
    move || {
        mail.get().map(|fares| {
            let may_send = !matches!(fares.state, MailState::NoRelay | MailState::Waiting);
            view! {
                {fared(fares)}
                {may_send.then(|| view! { <SendMail judge resend=resends(fares.state)/> })}
            }
        })
    }
}

/// Whether the same code is handed over once more.
const fn resends(state: MailState) -> bool {
    matches!(state, MailState::Lost | MailState::Refused)
}

/// What happened to the mail.
fn fared(fares: CodeMail) -> Option<AnyView> {
    let (tone, text) = match fares.state {
        MailState::Never => return None,
        MailState::NoRelay => (Tone::Plain, "This portal sends no e-mail.".to_owned()),
        MailState::Sent => (Tone::Good, "The mail server took the e-mail.".to_owned()),
        MailState::Waiting if fares.tries == 0 => {
            (Tone::Plain, "The e-mail is on its way.".to_owned())
        }
        MailState::Waiting => {
            let next = clock::short_with_time(Timestamp(fares.next));
            let times =
                if fares.tries == 1 { "once".to_owned() } else { format!("{} times", fares.tries) };
            (Tone::Plain, format!("The mail server asked to wait. Tried {times}, again {next}."))
        }
        MailState::Refused => {
            (Tone::Warn, "The mail server refuses this address. Look at it again.".to_owned())
        }
        MailState::GaveUp => {
            (Tone::Warn, "The mail server did not take the e-mail in time.".to_owned())
        }
        MailState::Lost => {
            let text = "The portal restarted before the e-mail went out, and keeps no address. Type it again.";
            (Tone::Warn, text.to_owned())
        }
    };
    Some(view! { <Notice tone>{text}</Notice> }.into_any())
}

/// An address, for one mail.
#[component]
fn SendMail(judge: Judge, resend: bool) -> impl IntoView {
    let address = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let send = move |()| {
        let to = address.get_untracked();
        error.set(None);
        if !to.trim().contains('@') {
            error.set(Some("Type an e-mail address, like name@example.com".to_owned()));
            return;
        }
        judge.does(move || {
            let to = to.clone();
            async move {
                let ring = ring()?;
                let (portal, matter, client) = (portal(), judge.matter, judge.client);
                if !resend {
                    portal.ask_code(&ring, matter, client, Channel::Mail).await?;
                }
                match portal.send_code(&ring, matter, client, &to).await {
                    Err(ClientError::Unfit) => {
                        let text = "The e-mail server cannot send to this address";
                        drop(error.try_set(Some(text.to_owned())));
                        return Ok(());
                    }
                    other => other?,
                };
                let _ = address.try_set(String::new());
                judge.changed("Handed over.");
                Ok(())
            }
        });
    };
    view! {
        <TextField
            id=format!("mail-{}", judge.client)
            label="Your client’s e-mail address, as you know it"
            hint="For this one e-mail; it is kept nowhere. The portal’s server sees the code then: the telephone \
                  is surer."
            line=Line::Email
            value=address
            on_input=move |text| address.set(text)
            error
        />
        <Button disabled=judge.busy on_press=send>"Send a code by e-mail"</Button>
    }
    .into_any()
}
