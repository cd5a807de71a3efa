import type { Words } from './words';

export const DE: Words = {
  ask: {
    title: (brand) => `Gmail mit ${brand} verbinden`,
    lead: (brand) =>
      `${brand} bittet um Zugriff auf Ihr Gmail. Sie wählen das Konto und stimmen auf der Seite von Google zu; vorher wird nichts gelesen.`,
    canTitle: (brand) => `Das kann ${brand} dann`,
    can: {
      content: 'Ihre E-Mails lesen: Absender, Empfänger, Betreff, Text und Anhänge',
      headers: 'Absender, Empfänger, Betreff, Datum und Labels Ihrer E-Mails sehen',
      changes: 'Bemerken, wenn eine E-Mail eintrifft, gelöscht wird oder ein anderes Label bekommt',
      labels: 'Labels ändern: als gelesen markieren, markieren, archivieren, in den Papierkorb verschieben',
      send: 'E-Mails von Ihrem Konto schreiben und senden',
      deleteForever: 'E-Mails endgültig löschen',
      settings: 'Gmail-Einstellungen ändern, etwa Filter und Weiterleitung',
      address: 'Ihre E-Mail-Adresse sehen',
    },
    cannotTitle: (brand) => `Das kann ${brand} nicht`,
    cannot: {
      content: 'Den Text Ihrer E-Mails lesen oder Anhänge öffnen',
      change: 'Ihre E-Mails ändern oder löschen',
      send: 'E-Mails von Ihrem Konto senden',
      deleteForever: 'E-Mails endgültig löschen',
      password: 'Ihr Google-Passwort sehen',
    },
    button: 'Weiter mit Google',
    next: 'Setzen Sie auf der Seite von Google alle Häkchen, um die gebeten wird: Ohne sie kann das Postfach nicht verbunden werden.',
    account: (address) => `Bitte wählen Sie dort das Konto ${address}.`,
    revoke: 'Sie können den Zugriff jederzeit beenden:',
  },
  done: {
    title: 'Ihr Gmail ist verbunden',
    text: (address, brand) => `${brand} hat jetzt Zugriff auf ${address}.`,
    next: 'Mehr ist nicht zu tun. Sie können diese Seite schließen.',
    revoke: 'Sie können diesen Zugriff jederzeit ansehen und beenden:',
  },
  failed: {
    retry: 'Noch einmal versuchen',
    back: (brand) => `Zurück zu ${brand}`,
    code: 'Code',
    explained: {
      access_denied: {
        title: 'Sie haben den Zugriff nicht erlaubt',
        text: 'Es wurde nichts verbunden und nichts gelesen. Wenn Sie das nicht wollten, versuchen Sie es noch einmal und wählen Sie auf der Seite von Google „Weiter“.',
      },
      insufficient_scope: {
        title: 'Ein Häkchen hat gefehlt',
        text: 'Auf der Seite von Google blieb das Kästchen leer, das den Zugriff auf Gmail erlaubt. Versuchen Sie es noch einmal und setzen Sie dort alle Häkchen.',
      },
      missing_refresh_token: {
        title: 'Google hat keinen dauerhaften Zugriff gegeben',
        text: 'Entfernen Sie den Zugriff dieser App auf der Seite unten und versuchen Sie es dann noch einmal.',
      },
      mail_service_not_enabled: {
        title: 'Dieses Google-Konto hat kein Gmail',
        text: 'Versuchen Sie es noch einmal und wählen Sie ein Konto mit einem Gmail-Postfach.',
      },
      account_mismatch: {
        title: 'Das ist ein anderes Konto',
        text: 'Das gewählte Konto ist nicht das, um das gebeten wurde. Es wurde nichts verbunden. Versuchen Sie es noch einmal und wählen Sie jenes.',
      },
      invalid_request: {
        title: 'Die Antwort von Google war nicht vollständig',
        text: 'Es wurde nichts verbunden. Bitte versuchen Sie es noch einmal.',
      },
      invalid_code: {
        title: 'Die Antwort von Google kam zu spät',
        text: 'Sie wurde schon verwendet oder ist abgelaufen. Bitte versuchen Sie es noch einmal.',
      },
      invalid_id_token: {
        title: 'Google hat nicht gesagt, wessen Konto das ist',
        text: 'Es wurde nichts verbunden. Bitte versuchen Sie es noch einmal.',
      },
      invalid_state: {
        title: 'Hier geht es nicht weiter',
        text: 'Diese Seite wurde nicht über einen Link dieses Dienstes erreicht. Bitten Sie um einen neuen Link.',
      },
      wrong_browser: {
        title: 'Das ist ein anderer Browser',
        text: 'Der Link wurde in einem anderen Browser geöffnet als diesem. Öffnen Sie den Link in dem Browser, in dem Sie zustimmen. Wenn es derselbe Browser ist, erlauben Sie Cookies für diese Seite und öffnen Sie den Link erneut. Es wurde nichts verbunden.',
      },
      session_used: {
        title: 'Dieser Link wurde schon verwendet',
        text: 'Jeder Link gilt einmal. Wenn Ihr Gmail noch nicht verbunden ist, bitten Sie um einen neuen.',
      },
      session_expired: {
        title: 'Dieser Link ist abgelaufen',
        text: 'Zu Ihrer Sicherheit gilt ein Link 15 Minuten lang. Bitten Sie um einen neuen.',
      },
      google_error: {
        title: 'Google hat einen Fehler gemeldet',
        text: 'Es wurde nichts verbunden. Bitte versuchen Sie es noch einmal.',
      },
      temporarily_unavailable: {
        title: 'Das hat gerade nicht geklappt',
        text: 'Google oder dieser Dienst war nicht zu erreichen. Es wurde nichts verbunden. Warten Sie einen Moment und versuchen Sie es dann noch einmal.',
      },
      unknown_link: {
        title: 'Diesen Link gibt es nicht',
        text: 'Prüfen Sie, ob die Adresse vollständig ist: Sie kann in der E-Mail abgeschnitten worden sein. Sonst bitten Sie um einen neuen Link.',
      },
      operator: {
        title: 'Das muss erst behoben werden',
        text: 'Google lässt diese Anwendung im Moment keine Postfächer verbinden. Sie haben nichts falsch gemacht, und nur wer sie betreibt, kann das beheben: Bitte geben Sie den Code unten dorthin weiter.',
      },
    },
  },
  revokeLink: 'Berechtigungen im Google-Konto',
  privacy: 'Datenschutzerklärung',
  support: 'Hilfe',
};
