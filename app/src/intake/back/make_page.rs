//! A passkey is made, or twelve words, on a device that holds the client's keys.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::back::BackSeen;
use shared::client::intake::Intake;
use shared::identity::back::BackBy;
use shared::ids::InviteId;

use super::aloud::Aloud;
use super::sheet::{Kept, WordsSheet};
use super::words::{no_passkey, say, trouble};
use crate::intake::code_back::CodeBack;
use crate::net::host::BrowserHost;
use crate::net::trouble::client_words;
use crate::platform::passkey::{self, NoPasskey, Whose};
use crate::platform::{clock, page};
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::live::Voice;
use crate::ui::notice::{Notice, Tone};
use crate::ui::trouble::TroublePanel;
use crate::ui::waiting::Skeleton;
use crate::words::{Word, fill, language, speak, t, wished};

type Core = StoredValue<Option<Intake<BrowserHost>>, LocalStorage>;

/// What the page knows. Cheap to copy about.
#[derive(Clone, Copy)]
struct Making {
    core: Core,
    /// `None` until the device was asked.
    back: RwSignal<Option<Option<BackSeen>>>,
    failed: RwSignal<Option<ClientError>>,
    refused: RwSignal<Option<NoPasskey>>,
    words: Kept,
    /// Whether words are shown.
    sheet: RwSignal<bool>,
    busy: RwSignal<bool>,
    voice: Voice,
}

impl Making {
    fn open(self, invite: InviteId, firm: RwSignal<String>) {
        leptos::task::spawn_local(async move {
            match portal().open_invite(invite, None).await {
                Ok(core) => {
                    speak(wished(&core.form().languages));
                    firm.set(core.firm_name().to_owned());
                    self.core.set_value(Some(core));
                    self.look().await;
                }
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }

    async fn look(self) {
        let Some(core) = self.core.get_value() else { return };
        match core.back().await {
            Ok(back) => self.back.set(Some(back)),
            Err(error) => self.failed.set(Some(error)),
        }
    }

    fn act(self, act: impl AsyncFnOnce(Intake<BrowserHost>) -> Result<(), ClientError> + 'static) {
        let Some(core) = self.core.get_value() else { return };
        self.busy.set(true);
        self.failed.set(None);
        self.refused.set(None);
        leptos::task::spawn_local(async move {
            let done = act(core).await;
            let _ = self.busy.try_set(false);
            match done {
                Ok(()) => {
                    if self.refused.try_with_untracked(Option::is_none).unwrap_or_default() {
                        self.voice.say(say("Done.", "Hecho."));
                    }
                    self.look().await;
                }
                Err(error) => drop(self.failed.try_set(Some(error))),
            }
        });
    }

    /// Makes words, and shows them.
    fn begin_words(self) {
        let Some(core) = self.core.get_value() else { return };
        self.refused.set(None);
        match core.begin_words() {
            Ok(new) => {
                self.failed.set(None);
                self.words.set_value(Some(new));
                self.sheet.set(true);
            }
            Err(error) => self.failed.set(Some(error)),
        }
    }

    /// Two of them were read back: they count.
    fn keep_words(self, typed: [String; 2]) {
        self.act(async move |core: Intake<BrowserHost>| {
            let taken = self.words.try_update_value(Option::take).flatten();
            let Some(new) = taken else { return Ok(()) };
            let [one, two] = &typed;
            let kept = core.keep_words(&new, [one, two], language()).await;
            if kept.is_ok() {
                let _ = self.sheet.try_set(false);
            } else {
                let _ = self.words.try_set_value(Some(new));
            }
            kept
        });
    }

    fn forget_words(self) {
        self.words.set_value(None);
        self.sheet.set(false);
    }

    fn make(self) {
        self.act(async move |core: Intake<BrowserHost>| {
            let new = core.begin_back().await?;
            let name = [core.firm_name(), ", ", &clock::day(clock::now())].concat();
            let whose = Whose {
                id: new.handle.clone(),
                firm: core.firm_name().to_owned(),
                name: name.clone(),
                handle: name,
            };
            match passkey::make_back(&new.ceremony, &whose, &[]).await {
                Ok(made) => core.keep_back(&new, &made, language()).await,
                Err(why) => {
                    let _ = self.refused.try_set(Some(why));
                    Ok(())
                }
            }
        });
    }
}

/// The page.
#[component]
pub fn MakePage(invite: InviteId, firm: RwSignal<String>) -> impl IntoView {
    let making = Making {
        core: StoredValue::new_local(None),
        back: RwSignal::new(None),
        failed: RwSignal::new(None),
        refused: RwSignal::new(None),
        words: StoredValue::new_local(None),
        sheet: RwSignal::new(false),
        busy: RwSignal::new(false),
        voice: Voice::here(),
    };
    making.open(invite, firm);
    let receipt = ["/i/", &invite.to_string(), "/receipt"].concat();
    let body = move || {
        let nothing = making.failed.with(Option::is_some);
        match making.back.get() {
            None if nothing => ().into_any(),
            None => view! { <Skeleton name=t(Word::Opening)/> }.into_any(),
            Some(_) if making.sheet.get() => view! {
                <WordsSheet
                    firm=firm.get_untracked()
                    words=making.words
                    busy=making.busy
                    on_read=move |typed| making.keep_words(typed)
                    on_leave=move |()| making.forget_words()
                />
            }
            .into_any(),
            Some(back) => view! {
                <Ways making back receipt=receipt.clone()/>
                {making.core.get_value().map(beside)}
            }
            .into_any(),
        }
    };
    view! {
        {body}
        {move || making.refused.get().map(|why| view! {
            <div role="alert"><Notice tone=Tone::Warn>{no_passkey(why)}</Notice></div>
        })}
        {move || making.failed.get().map(|error| view! {
            <TroublePanel trouble=trouble(&error) words=client_words()/>
        })}
    }
    .into_any()
}

/// What else a client does with somebody of the firm on the telephone.
fn beside(core: Intake<BrowserHost>) -> AnyView {
    let (lawyer, digits) = (core.lawyer_name().to_owned(), core.spoken_code());
    view! {
        <Aloud lawyer digits/>
        <CodeBack held=StoredValue::new_local(core)/>
    }
    .into_any()
}

/// What can be done here.
#[component]
fn Ways(making: Making, back: Option<BackSeen>, receipt: String) -> impl IntoView {
    let title = say("Come back without the link", "Volver sin el enlace");
    let ways = match back {
        None => none_yet(making),
        Some(back) => there_is_one(making, back),
    };
    view! {
        <Heading text=title/>
        <div class="stack stack-4">{ways}</div>
        <p><a href=receipt>{say("Back to the receipt", "Volver al comprobante")}</a></p>
    }
    .into_any()
}

fn none_yet(making: Making) -> AnyView {
    let intro = say(
        "A passkey opens your matter again on any of your devices: with your finger, your face or the code of your telephone. There is nothing to remember and no app to install.",
        "Una llave de acceso vuelve a abrir su asunto en cualquiera de sus dispositivos: con el dedo, el rostro o el código de su teléfono. No hay nada que recordar ni aplicación que instalar.",
    );
    let how = say(
        "Your keys and your receipts are sealed in this browser before they leave it. Only your passkey, or your words, open them: neither the firm nor the people who run this website can.",
        "Sus claves y comprobantes se sellan en este navegador antes de salir de él. Solo los abren su llave de acceso o sus palabras: ni el despacho ni quienes operan este sitio pueden hacerlo.",
    );
    let busy = making.busy;
    let words = move |()| making.begin_words();
    let way = if passkey::is_supported() {
        let make = move |()| making.make();
        view! {
            <div class="actions">
                <Button kind=Kind::Primary icon="key" disabled=busy on_press=make>
                    {say("Make a passkey", "Crear una llave de acceso")}
                </Button>
                <Button kind=Kind::Quiet disabled=busy on_press=words>
                    {say("Make twelve words instead", "Crear doce palabras en su lugar")}
                </Button>
            </div>
        }
        .into_any()
    } else {
        view! {
            <Notice tone=Tone::Warn>{no_passkey(NoPasskey::Unsupported)}</Notice>
            <div class="actions">
                <Button kind=Kind::Primary disabled=busy on_press=words>
                    {say("Make twelve words", "Crear doce palabras")}
                </Button>
            </div>
        }
        .into_any()
    };
    view! {
        <p class="lede">{intro}</p>
        <p>{how}</p>
        {way}
    }
    .into_any()
}

fn there_is_one(making: Making, back: BackSeen) -> AnyView {
    let busy = making.busy;
    let (with, away) = match back.by {
        None => (
            say(
                "You can come back with your passkey, made on {}. Open this address on any of your devices:",
                "Puede volver con su llave de acceso, creada el {}. Abra esta dirección en cualquiera de sus dispositivos:",
            ),
            say("Take this passkey’s access away", "Quitarle el acceso a esta llave"),
        ),
        Some(BackBy::Words) => (
            say(
                "You can come back with your twelve words, made on {}. Open this address on any of your devices:",
                "Puede volver con sus doce palabras, creadas el {}. Abra esta dirección en cualquiera de sus dispositivos:",
            ),
            say("Take these words’ access away", "Quitarles el acceso a estas palabras"),
        ),
    };
    let since = fill(with, &[&clock::day_and_time(back.made)]);
    let add = (!back.whole).then(|| {
        let add = move |()| {
            making.act(async |core: Intake<BrowserHost>| core.renew_back(language()).await);
        };
        view! {
            <Notice tone=Tone::Warn>
                {say(
                    "What you handed in since is not there yet.",
                    "Lo que entregó desde entonces aún no está allí.",
                )}
            </Notice>
            <Button kind=Kind::Primary disabled=busy on_press=add>
                {say("Add it", "Agregarlo")}
            </Button>
        }
    });
    let remove = move |()| {
        making.act(async |core: Intake<BrowserHost>| core.drop_back().await);
    };
    view! {
        <Notice tone=Tone::Good>
            <p>{since}</p>
            <p><strong>{[&page::origin(), "/back"].concat()}</strong></p>
        </Notice>
        {add}
        <p class="small muted">
            {say(
                "If it is lost, the firm can send you a new link after it made sure that it is you.",
                "Si la pierde, el despacho puede enviarle un enlace nuevo después de comprobar que es usted.",
            )}
        </p>
        <div class="actions">
            <Button kind=Kind::Quiet icon="trash" disabled=busy on_press=remove>
                {away}
            </Button>
        </div>
    }
    .into_any()
}
