import type { Words } from './words';

export const ES: Words = {
  ask: {
    title: (brand) => `Conectar tu Gmail con ${brand}`,
    lead: (brand) =>
      `${brand} pide acceso a tu Gmail. Tú eliges la cuenta y das tu permiso en la página de Google; hasta entonces no se lee nada.`,
    canTitle: (brand) => `${brand} podrá`,
    can: {
      content: 'Leer tus correos: remitente, destinatarios, asunto, texto y archivos adjuntos',
      headers: 'Ver el remitente, los destinatarios, el asunto, la fecha y las etiquetas de tus correos',
      changes: 'Saber cuándo llega un correo, se elimina o cambia de etiqueta',
      labels: 'Cambiar etiquetas: marcar como leído, destacar, archivar, mover a la papelera',
      send: 'Redactar y enviar correos desde tu cuenta',
      deleteForever: 'Eliminar correos de forma permanente',
      settings: 'Cambiar la configuración de Gmail, como los filtros y el reenvío',
      address: 'Ver tu dirección de correo electrónico',
    },
    cannotTitle: (brand) => `${brand} no podrá`,
    cannot: {
      content: 'Leer el texto de tus correos ni abrir archivos adjuntos',
      change: 'Cambiar ni eliminar tus correos',
      send: 'Enviar correos desde tu cuenta',
      deleteForever: 'Eliminar correos de forma permanente',
      password: 'Ver tu contraseña de Google',
    },
    button: 'Continuar con Google',
    next: 'En la página de Google, marca todas las casillas que se piden: sin ellas no se puede conectar el buzón.',
    account: (address) => `Elige allí la cuenta ${address}.`,
    revoke: 'Puedes retirar el acceso en cualquier momento:',
  },
  done: {
    title: 'Tu Gmail está conectado',
    text: (address, brand) => `${brand} ya tiene acceso a ${address}.`,
    next: 'No tienes que hacer nada más. Puedes cerrar esta página.',
    revoke: 'Puedes ver y retirar este acceso en cualquier momento:',
  },
  failed: {
    retry: 'Volver a intentarlo',
    back: (brand) => `Volver a ${brand}`,
    code: 'Código',
    explained: {
      access_denied: {
        title: 'No has permitido el acceso',
        text: 'No se ha conectado ni leído nada. Si no era lo que querías, vuelve a intentarlo y elige «Continuar» en la página de Google.',
      },
      insufficient_scope: {
        title: 'Faltó marcar una casilla',
        text: 'En la página de Google quedó vacía la casilla que permite leer Gmail. Vuelve a intentarlo y marca todas las casillas.',
      },
      missing_refresh_token: {
        title: 'Google no dio un acceso duradero',
        text: 'Retira el acceso de esta aplicación en la página de abajo y vuelve a intentarlo.',
      },
      mail_service_not_enabled: {
        title: 'Esta cuenta de Google no tiene Gmail',
        text: 'Vuelve a intentarlo y elige una cuenta que tenga un buzón de Gmail.',
      },
      account_mismatch: {
        title: 'Es otra cuenta',
        text: 'La cuenta que has elegido no es la que se pidió. No se ha conectado nada. Vuelve a intentarlo y elige la correcta.',
      },
      invalid_request: {
        title: 'La respuesta de Google no estaba completa',
        text: 'No se ha conectado nada. Vuelve a intentarlo.',
      },
      invalid_code: {
        title: 'La respuesta de Google llegó demasiado tarde',
        text: 'Ya se había usado o ha caducado. Vuelve a intentarlo.',
      },
      invalid_id_token: {
        title: 'Google no dijo de quién es esta cuenta',
        text: 'No se ha conectado nada. Vuelve a intentarlo.',
      },
      invalid_state: {
        title: 'No se puede continuar aquí',
        text: 'No se ha llegado a esta página por un enlace de este servicio. Pide un enlace nuevo.',
      },
      wrong_browser: {
        title: 'Es otro navegador',
        text: 'El enlace se abrió en un navegador distinto de este. Abre el enlace en el navegador en el que das tu permiso. Si es el mismo navegador, permite las cookies de esta página y vuelve a abrir el enlace. No se ha conectado nada.',
      },
      session_used: {
        title: 'Este enlace ya se ha usado',
        text: 'Cada enlace sirve una sola vez. Si tu Gmail aún no está conectado, pide uno nuevo.',
      },
      session_expired: {
        title: 'Este enlace ha caducado',
        text: 'Por tu seguridad, un enlace sirve durante 15 minutos. Pide uno nuevo.',
      },
      google_error: {
        title: 'Google ha notificado un error',
        text: 'No se ha conectado nada. Vuelve a intentarlo.',
      },
      temporarily_unavailable: {
        title: 'Ahora mismo no ha funcionado',
        text: 'No se pudo contactar con Google o con este servicio. No se ha conectado nada. Espera un momento y vuelve a intentarlo.',
      },
      unknown_link: {
        title: 'Este enlace no existe',
        text: 'Comprueba que la dirección esté completa: puede haberse cortado en el correo. Si no, pide un enlace nuevo.',
      },
      operator: {
        title: 'Antes hay que resolver un problema',
        text: 'Google no permite por ahora que esta aplicación conecte buzones. No has hecho nada mal, y solo quienes la gestionan pueden resolverlo: envíales el código de abajo.',
      },
    },
  },
  revokeLink: 'Permisos de la cuenta de Google',
  privacy: 'Política de Privacidad',
  support: 'Ayuda',
};
