//! The table itself. `{}` marks a place for a value, in the same order in every language.

use shared::intake::value::Language;

use super::LANGUAGE;

words! {
    // The frame.
    Skip: "Skip to the content", "Ir al contenido";
    Leave: "Leave quickly", "Salir rápido";
    Close: "Close", "Cerrar";
    Optional: "optional", "opcional";
    Opening: "Opening your link", "Abriendo su enlace";

    // Arrival.
    ArriveTitle: "{} has some questions for you", "{} tiene algunas preguntas para usted";
    ArriveLede: "Your answers and documents are sealed in this browser before they leave it. Nobody can read them on the way, not even the people who run this website.", "Sus respuestas y documentos se sellan en este navegador antes de salir de él. Nadie puede leerlos en el camino, ni siquiera quienes operan este sitio.";
    Verified: "Verified: this page and this firm’s key belong together.", "Verificado: esta página y la clave de este despacho se corresponden.";
    HowVerified: "How this was checked", "Cómo se comprobó";
    HowVerifiedText: "The link you were given carries a fingerprint of the firm’s key. Your browser compared it with the key used here, and checked the firm’s signature on these questions. The part of the link with the secret never reached the server.", "El enlace que recibió lleva la huella de la clave del despacho. Su navegador la comparó con la clave usada aquí y comprobó la firma del despacho en estas preguntas. La parte secreta del enlace nunca llegó al servidor.";
    WhoReads: "Who will read it", "Quién lo leerá";
    HowLongKept: "How long it is kept", "Cuánto tiempo se guarda";
    LinkUntil: "This link works until", "Este enlace funciona hasta";
    Begin: "Begin", "Comenzar";
    GoOn: "Go on where you stopped", "Seguir donde lo dejó";
    PublicComputer: "This is a shared or public computer", "Esta es una computadora compartida o pública";
    PublicHint: "Then nothing is kept on it: finish in one sitting, or what you typed is gone when you close the page.", "Así no se guarda nada en ella: termine de una vez, o lo escrito se pierde al cerrar la página.";
    KeepsNothing: "This browser keeps nothing after you close it. Finish in one sitting, or open the link in another browser.", "Este navegador no guarda nada al cerrarlo. Termine de una vez, o abra el enlace en otro navegador.";
    ClockOff: "The clock of this device is wrong. Please set it right; times you see here may be off.", "El reloj de este dispositivo no está en hora. Ajústelo, por favor; las horas que vea aquí pueden ser incorrectas.";
    LanguageNav: "Language", "Idioma";
    EarlierSent: "You already sent answers from this device on {}.", "Ya envió respuestas desde este dispositivo el {}.";
    EarlierText: "They are with {} and stay as you sent them; this device no longer keeps them. This is a new form, and what you write here is added to it. The receipt is still behind the first link.", "Están en {} y siguen tal como las envió; este dispositivo ya no las guarda. Este es un formulario nuevo, y lo que escriba aquí se agrega a lo anterior. El comprobante sigue en el primer enlace.";

    // The form.
    SectionOf: "Section {} of {}", "Sección {} de {}";
    SavedHere: "Saved on this device", "Guardado en este dispositivo";
    Saving: "Saving", "Guardando";
    NotKept: "Not kept on this device", "No se guarda en este dispositivo";
    NotSaved: "Could not be saved on this device", "No se pudo guardar en este dispositivo";
    Continue: "Continue", "Continuar";
    Back: "Back", "Atrás";
    Later: "Save and continue later", "Guardar y continuar después";
    LaterTitle: "Continue later", "Continuar después";
    LaterText: "What you typed is sealed and kept on this device, in this browser. Open the same link here again to go on. Nothing has been sent to the firm yet, except documents you added.", "Lo que escribió está sellado y guardado en este dispositivo, en este navegador. Vuelva a abrir aquí el mismo enlace para continuar. Aún no se ha enviado nada al despacho, salvo los documentos que agregó.";
    LaterNotKept: "Nothing is kept on this device. If you close this page now, what you typed is gone.", "No se guarda nada en este dispositivo. Si cierra esta página ahora, se pierde lo que escribió.";
    Understood: "I understand", "Entendido";
    ErrorsTitle: "Please look at these before going on", "Revise esto antes de continuar";
    WhyAsked: "Why we ask this", "Por qué preguntamos esto";
    Add: "Add another {}", "Agregar más: {}";
    AddFirst: "Add the first {}", "Agregar: {}";
    Remove: "Remove", "Quitar";
    ShowAnswer: "Show my answer", "Mostrar mi respuesta";
    HideAnswer: "Hide my answer", "Ocultar mi respuesta";
    Hidden: "Answered, and hidden", "Respondida y oculta";
    Choose: "Please choose", "Elija, por favor";
    Day: "Day", "Día";
    Month: "Month", "Mes";
    Year: "Year", "Año";
    DateHint: "For example, 27 3 2015", "Por ejemplo, 27 3 2015";
    ApproxHint: "The year alone is enough if you are not sure", "Basta el año si no está seguro";
    FormChanged: "The firm has changed this form since you were here. Your answers were carried over where the question is still there; please look through them.", "El despacho cambió este formulario desde su última visita. Sus respuestas se conservaron donde la pregunta sigue existiendo; revíselas, por favor.";

    // Errors beside fields.
    ErrDate: "Enter a day that exists, for example 27 3 2015", "Escriba un día que exista, por ejemplo 27 3 2015";
    ErrNumber: "Enter a number", "Escriba un número";
    ErrMoney: "Enter an amount, for example 1250.00", "Escriba una cantidad, por ejemplo 1250.00";
    ErrUpload: "A document is still on its way; please wait or remove it", "Un documento aún se está enviando; espere o quítelo";

    // Documents.
    ChooseFiles: "Choose files", "Elegir archivos";
    TakePhoto: "Take a photo", "Tomar una foto";
    DropHere: "or drop them here", "o suéltelos aquí";
    UploadLimits: "Any type, up to 2 GB each", "De cualquier tipo, hasta 2 GB cada uno";
    FileWaiting: "Waiting", "En espera";
    FileProgress: "{} of {}", "{} de {}";
    FileSpeed: "{} of {}, {} a second, {} left", "{} de {}, {} por segundo, quedan {}";
    FilePaused: "Paused at {} of {}", "En pausa: {} de {}";
    FileOffline: "No network. Going on as soon as there is one.", "Sin red. Continuará en cuanto la haya.";
    FileDone: "{}, sealed and delivered", "{}, sellado y entregado";
    FileEmpty: "0 B, sealed and delivered. This file is empty; please check it.", "0 B, sellado y entregado. Este archivo está vacío; revíselo, por favor.";
    FileChanged: "This file changed while it was read. Please remove it and choose it again.", "Este archivo cambió mientras se leía. Quítelo y elíjalo de nuevo, por favor.";
    FileTooLarge: "This file is larger than 2 GB. Please hand it in another way.", "Este archivo supera los 2 GB. Entréguelo de otra manera, por favor.";
    FileFull: "The firm’s storage is full. Nothing of this file was kept; please tell the firm and try again later.", "El almacenamiento del despacho está lleno. No se guardó nada de este archivo; avise al despacho e inténtelo más tarde.";
    FileFailed: "This file could not be sent. What you typed is safe.", "No se pudo enviar este archivo. Lo que escribió está a salvo.";
    FileElsewhere: "Another tab of this browser is sending this file", "Otra pestaña de este navegador está enviando este archivo";
    FileAgain: "Choose {} again to go on where it stopped", "Elija de nuevo {} para seguir donde se detuvo";
    Pause: "Pause", "Pausar";
    Resume: "Go on", "Seguir";
    Cancel: "Cancel", "Cancelar";
    TryAgain: "Try again", "Intentar de nuevo";
    Seconds: "{} s", "{} s";
    Minutes: "{} min", "{} min";
    Hours: "{} h", "{} h";

    // Review and consent.
    ReviewTitle: "Look it over", "Revise todo";
    ReviewLede: "This is what will be sealed and sent. You can change anything before you send it.", "Esto es lo que se sellará y enviará. Puede cambiar lo que quiera antes de enviarlo.";
    Change: "Change", "Cambiar";
    ChangeOf: "Change: {}", "Cambiar: {}";
    LeftEmpty: "{} left empty", "{} sin responder";
    ConsentTitle: "Before you send", "Antes de enviar";
    SignTitle: "Your signature", "Su firma";
    SignHint: "Type your full name. It counts as your signature.", "Escriba su nombre completo. Vale como su firma.";
    Send: "Seal and send", "Sellar y enviar";
    Sending: "Sealing and sending your answers", "Sellando y enviando sus respuestas";

    // The receipt.
    ReceiptTitle: "Sealed and delivered", "Sellado y entregado";
    ReceiptNumber: "Receipt", "Recibo";
    ReceiptTime: "Delivered", "Entregado";
    ReceiptWitness: "Confirmation", "Confirmación";
    ReceiptConfirmed: "On {}, somebody of the firm verified that its journal holds this.", "El {}, alguien del despacho verificó que consta en su registro.";
    ReceiptUnwitnessed: "Your answers have arrived. So far only the firm’s server says so: nobody of the firm has confirmed it yet. Come back to this page to see when somebody has.", "Sus respuestas han llegado. Por ahora solo lo dice el servidor del despacho: nadie del despacho lo ha confirmado aún. Vuelva a esta página para ver cuándo alguien lo haga.";
    ReceiptHeard: "Somebody of the firm last verified its journal on {}.", "Alguien del despacho verificó su registro por última vez el {}.";
    ReceiptSent: "What you sent", "Lo que envió";
    ReceiptOnlyHere: "The names stand only on this receipt. The server does not know them.", "Los nombres figuran solo en este recibo. El servidor no los conoce.";
    SpokenTitle: "To read aloud if your lawyer calls", "Para leer en voz alta si lo llaman";
    SpokenWords: "As words", "En palabras";
    ComeBack: "Come back without the link", "Volver sin el enlace";
    CodeLabel: "If the firm gave you a code, type it here", "Si el despacho le dio un código, escríbalo aquí";
    CodeSend: "Send the code", "Enviar el código";
    CodeSent: "Sealed and sent. The firm sees whether it is right.", "Sellado y enviado. El despacho verá si es correcto.";
    CodeNotSent: "It could not be sent. A code has eight digits, and ends after a while: ask the firm for a new one.", "No se pudo enviar. Un código tiene ocho cifras y caduca: pida uno nuevo al despacho.";
    ReceiptNext: "What happens next", "Qué sigue ahora";
    ReceiptNextText: "{} will read your answers and get in touch with you. Keep this receipt: its number says that your answers arrived as you sealed them.", "{} leerá sus respuestas y se pondrá en contacto con usted. Conserve este recibo: su número acredita que sus respuestas llegaron tal como las selló.";
    ReceiptAnswers: "Your answers", "Sus respuestas";
    ReceiptSigned: "Signed by the firm’s server, with proof that it stands in the firm’s journal (underseal-open verify):", "Firmado por el servidor del despacho, con prueba de que consta en su registro (underseal-open verify):";
    OlderTitle: "An earlier version was handed in", "Se entregó una versión anterior";
    OlderText: "Your first try had arrived at the time shown here, with the documents listed here. What you changed after it was not sent.", "Su primer intento sí había llegado, a la hora que se indica aquí y con los documentos de esta lista. Lo que cambió después no se envió.";
    OlderTodo: "Tell {} what changed, or ask for another link.", "Diga a {} qué cambió o pida otro enlace.";
    OlderKept: "Your changed answers are still on this device: another link of this matter finds them. Add documents again there.", "Sus respuestas cambiadas siguen en este dispositivo: otro enlace de este asunto las encuentra. Agregue allí de nuevo los documentos.";
    Print: "Print", "Imprimir";
    SaveCopy: "Save a copy", "Guardar una copia";
    ForgetHere: "Remove everything from this device", "Quitar todo de este dispositivo";
    ForgetText: "The receipt with its number and the names of your documents goes from this device for good, and so do answers you did not send. What you sent stays with {}.", "El recibo con su número y los nombres de sus documentos desaparece para siempre de este dispositivo, al igual que las respuestas no enviadas. Lo que envió sigue en {}.";
    Forgotten: "Nothing of this is left on this device.", "No queda nada de esto en este dispositivo.";

    // The seal.
    SealHere: "Sealed in this browser", "Sellado en este navegador";
    SealTitle: "Who can open it", "Quién puede abrirlo";
    SealText: "What you type and add is sealed in this browser with the key of {}. It opens for the people named on the first page, for colleagues they let in, and for the firm’s recovery key, which is locked away. The website only stores and passes on what is sealed.", "Lo que escribe y agrega se sella en este navegador con la clave de {}. Lo abren las personas nombradas en la primera página, los colegas a quienes den acceso y la clave de recuperación del despacho, guardada bajo llave. El sitio solo guarda y transmite lo sellado.";
    Fingerprint: "Fingerprint of the firm’s key", "Huella de la clave del despacho";

    // Trouble.
    Happened: "What happened", "Qué pasó";
    Safe: "What is safe", "Qué está a salvo";
    Todo: "What to do", "Qué hacer";
    LinkBadTitle: "This link is not complete", "Este enlace no está completo";
    LinkBad: "Some of the letters of the link are missing or changed, as happens when it is copied by hand or broken over two lines.", "Faltan o cambiaron letras del enlace, como pasa al copiarlo a mano o cuando se parte en dos líneas.";
    LinkBadTodo: "Open the whole link in the message again. If that fails, call your lawyer or reply to the message.", "Abra de nuevo el enlace entero del mensaje. Si falla, llame a su abogado o responda al mensaje.";
    LinkSecretTitle: "The secret part of the link is missing", "Falta la parte secreta del enlace";
    LinkSecret: "The end of the link did not come along, as happens when a message cuts it off. Without it nothing can be sealed.", "El final del enlace no llegó, como pasa cuando un mensaje lo corta. Sin él no se puede sellar nada.";
    LinkExpiredTitle: "This link has expired", "Este enlace ha vencido";
    LinkExpired: "The firm set a day until which it works, and that day is over.", "El despacho fijó un día hasta el cual funciona, y ese día ya pasó.";
    LinkExpiredTodo: "Ask for a new link: call your lawyer, or reply to the message that brought this one.", "Pida un enlace nuevo: llame a su abogado o responda al mensaje que trajo este.";
    LinkUsedTitle: "This link was used in another browser", "Este enlace se usó en otro navegador";
    LinkUsed: "A link works in one browser only, the first one that opens it and begins.", "Un enlace funciona en un solo navegador: el primero que lo abre y comienza.";
    LinkUsedTodo: "Open it in the browser where you began. If that was not you, tell the firm at once and ask for a new link.", "Ábralo en el navegador donde comenzó. Si no fue usted, avise de inmediato al despacho y pida un enlace nuevo.";
    NothingSent: "Nothing was sent from this browser.", "Desde este navegador no se envió nada.";
    SafeDraft: "What you typed is still on this device.", "Lo que escribió sigue en este dispositivo.";
    TabTitle: "This form is open in another tab", "Este formulario está abierto en otra pestaña";
    Tab: "Two tabs would overwrite each other’s answers, so only one can be used at a time.", "Dos pestañas sobrescribirían las respuestas, así que solo se puede usar una a la vez.";
    TabTodo: "Go on in the other tab, or close it and try again here.", "Siga en la otra pestaña, o ciérrela e inténtelo de nuevo aquí.";
    OfflineTitle: "The portal cannot be reached", "No se puede acceder al portal";
    Offline: "There is no network, or the server is being restarted.", "No hay red o el servidor se está reiniciando.";
    OfflineTodo: "Check your network and try again.", "Compruebe su red e inténtelo de nuevo.";
    FalseTitle: "This page cannot be trusted", "No se puede confiar en esta página";
    False: "What the server sent is not what the firm signed.", "Lo que envió el servidor no es lo que firmó el despacho.";
    FalseSafe: "Nothing was shown or sent. What you typed before is still sealed on this device.", "No se mostró ni se envió nada. Lo que escribió antes sigue sellado en este dispositivo.";
    FalseTodo: "Do not go on. Call your lawyer on a number you know and say what this page says.", "No continúe. Llame a su abogado a un número que conozca y diga lo que muestra esta página.";
    SaveEvidence: "Save what this page says", "Guardar lo que dice esta página";
    ForkSeen: "I have read this and will call my lawyer", "He leído esto y llamaré a mi abogado";
    BusyTitle: "Please try again in a moment", "Inténtelo de nuevo en un momento";
    Busy: "The server is busy, or there were too many tries.", "El servidor está ocupado o hubo demasiados intentos.";
    FullTitle: "The firm’s storage is full", "El almacenamiento del despacho está lleno";
    Full: "There is no room left on the firm’s server. Nothing of this was kept there.", "No queda espacio en el servidor del despacho. Nada de esto se guardó allí.";
    FullTodo: "Tell the firm, and try again later.", "Avise al despacho e inténtelo más tarde.";
    DeviceTitle: "This device cannot keep your answers", "Este dispositivo no puede guardar sus respuestas";
    Device: "Its storage is full, or switched off for this browser.", "Su almacenamiento está lleno o desactivado para este navegador.";
    DeviceTodo: "Make some room, or open the link in another browser.", "Libere espacio o abra el enlace en otro navegador.";
    OtherTitle: "That did not work", "Eso no funcionó";
    Other: "The portal met something it did not expect.", "El portal encontró algo inesperado.";
    OtherTodo: "Try again. If it happens twice, tell the firm.", "Inténtelo de nuevo. Si ocurre dos veces, avise al despacho.";
}
