import type { Words } from './words';

export const FR: Words = {
  ask: {
    title: (brand) => `Connecter votre compte Gmail à ${brand}`,
    lead: (brand) =>
      `${brand} demande à accéder à votre compte Gmail. Vous choisissez le compte et donnez votre accord sur la page de Google ; rien n’est lu avant.`,
    canTitle: (brand) => `${brand} pourra`,
    can: {
      content: 'Lire vos e-mails : expéditeur, destinataires, objet, texte et pièces jointes',
      headers: 'Voir l’expéditeur, les destinataires, l’objet, la date et les libellés de vos e-mails',
      changes: 'Savoir quand un e-mail arrive, est supprimé ou change de libellé',
      labels: 'Modifier les libellés : marquer comme lu, suivre, archiver, mettre à la corbeille',
      send: 'Rédiger et envoyer des e-mails depuis votre compte',
      deleteForever: 'Supprimer définitivement des e-mails',
      settings: 'Modifier les paramètres de Gmail, comme les filtres et le transfert',
      address: 'Voir votre adresse e-mail',
    },
    cannotTitle: (brand) => `${brand} ne pourra pas`,
    cannot: {
      content: 'Lire le texte de vos e-mails ni ouvrir les pièces jointes',
      change: 'Modifier ni supprimer vos e-mails',
      send: 'Envoyer des e-mails depuis votre compte',
      deleteForever: 'Supprimer définitivement des e-mails',
      password: 'Voir votre mot de passe Google',
    },
    button: 'Continuer avec Google',
    next: 'Sur la page de Google, cochez toutes les cases demandées : sans elles, la messagerie ne peut pas être connectée.',
    account: (address) => `Choisissez-y le compte ${address}.`,
    revoke: 'Vous pouvez mettre fin à l’accès à tout moment :',
  },
  done: {
    title: 'Votre compte Gmail est connecté',
    text: (address, brand) => `${brand} a maintenant accès à ${address}.`,
    next: 'Vous n’avez rien d’autre à faire et pouvez fermer cette page.',
    revoke: 'Vous pouvez consulter cet accès et y mettre fin à tout moment :',
  },
  failed: {
    retry: 'Réessayer',
    back: (brand) => `Retour à ${brand}`,
    code: 'Code',
    explained: {
      access_denied: {
        title: 'Vous n’avez pas autorisé l’accès',
        text: 'Rien n’a été connecté ni lu. Si ce n’était pas votre intention, réessayez et choisissez « Continuer » sur la page de Google.',
      },
      insufficient_scope: {
        title: 'Une case n’a pas été cochée',
        text: 'Sur la page de Google, la case qui permet de lire Gmail est restée vide. Réessayez et cochez toutes les cases.',
      },
      missing_refresh_token: {
        title: 'Google n’a pas donné d’accès durable',
        text: 'Supprimez l’accès de cette application sur la page ci-dessous, puis réessayez.',
      },
      mail_service_not_enabled: {
        title: 'Ce compte Google n’a pas Gmail',
        text: 'Réessayez et choisissez un compte qui dispose d’une messagerie Gmail.',
      },
      account_mismatch: {
        title: 'C’est un autre compte',
        text: 'Le compte choisi n’est pas celui qui a été demandé. Rien n’a été connecté. Réessayez et choisissez le bon compte.',
      },
      invalid_request: {
        title: 'La réponse de Google était incomplète',
        text: 'Rien n’a été connecté. Veuillez réessayer.',
      },
      invalid_code: {
        title: 'La réponse de Google est arrivée trop tard',
        text: 'Elle a déjà été utilisée ou a expiré. Veuillez réessayer.',
      },
      invalid_id_token: {
        title: 'Google n’a pas indiqué à qui appartient ce compte',
        text: 'Rien n’a été connecté. Veuillez réessayer.',
      },
      invalid_state: {
        title: 'Impossible de continuer ici',
        text: 'Cette page n’a pas été ouverte depuis un lien de ce service. Demandez un nouveau lien.',
      },
      wrong_browser: {
        title: 'C’est un autre navigateur',
        text: 'Le lien a été ouvert dans un autre navigateur que celui-ci. Ouvrez le lien dans le navigateur dans lequel vous donnez votre accord. Si c’est le même navigateur, autorisez les cookies pour cette page, puis ouvrez à nouveau le lien. Rien n’a été connecté.',
      },
      session_used: {
        title: 'Ce lien a déjà été utilisé',
        text: 'Chaque lien ne sert qu’une fois. Si votre compte Gmail n’est pas encore connecté, demandez un nouveau lien.',
      },
      session_expired: {
        title: 'Ce lien a expiré',
        text: 'Pour votre sécurité, un lien est valable 15 minutes. Demandez-en un nouveau.',
      },
      google_error: {
        title: 'Google a signalé une erreur',
        text: 'Rien n’a été connecté. Veuillez réessayer.',
      },
      temporarily_unavailable: {
        title: 'Cela n’a pas fonctionné pour le moment',
        text: 'Google ou ce service n’a pas pu être joint. Rien n’a été connecté. Patientez un instant, puis réessayez.',
      },
      unknown_link: {
        title: 'Ce lien n’existe pas',
        text: 'Vérifiez que l’adresse est complète : elle a pu être coupée dans l’e-mail. Sinon, demandez un nouveau lien.',
      },
      operator: {
        title: 'Un problème doit d’abord être réglé',
        text: 'Google ne permet pas pour le moment à cette application de connecter des messageries. Vous n’y êtes pour rien, et seules les personnes qui la gèrent peuvent y remédier : transmettez-leur le code ci-dessous.',
      },
    },
  },
  revokeLink: 'Autorisations du compte Google',
  privacy: 'Règles de confidentialité',
  support: 'Aide',
};
