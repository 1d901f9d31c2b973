import type { PageTexts } from './page-texts.ts';

const GO_BACK = 'Puede cerrar esta pestaña y volver a {app}.';

export const es: PageTexts = {
  theApp: 'la aplicación',
  pages: {
    'signed-in': { title: 'Ha iniciado sesión como {name}', text: GO_BACK },
    'signed-in-already': { title: 'Ya ha iniciado sesión', text: GO_BACK },
    'signed-out': { title: 'Se ha cerrado la sesión', text: GO_BACK },
    failed: { title: 'No se ha podido iniciar sesión', text: GO_BACK },
    cancelled: {
      title: 'El inicio de sesión se ha cancelado',
      text: 'Si aun así quiere iniciar sesión, vuelva a {app} y empiece de nuevo.',
    },
    expired: {
      title: 'Se ha agotado el tiempo para iniciar sesión',
      text: 'Por su seguridad, el inicio de sesión debe completarse en unos minutos. Vuelva a {app} y empiece de nuevo.',
    },
    superseded: {
      title: 'Se ha empezado otro inicio de sesión',
      text: 'Continúe en la última pestaña que se abrió. Puede cerrar esta.',
    },
    unknown: {
      title: 'Este inicio de sesión ya no está activo',
      text: 'Ya se completó o se canceló. Vuelva a {app} para ver si la sesión está iniciada.',
    },
    'stray-error': {
      title: 'El servidor de inicio de sesión informa de un error',
      text: 'No indica a qué inicio de sesión se refiere, por lo que {app} sigue esperando. Vuelva a {app}, cancele allí el inicio de sesión y empiece de nuevo. Si esta página aparece otra vez, comunique la causa a su servicio de asistencia.',
    },
  },
  reasons: {
    denied: 'La solicitud se rechazó en el navegador. Inicie sesión de nuevo y acéptela.',
    question: 'El servidor de inicio de sesión necesita un dato más. Inicie sesión de nuevo.',
    network:
      'No se ha podido conectar con el servidor de inicio de sesión. Compruebe la conexión de red e inténtelo de nuevo.',
    trouble: 'El servidor de inicio de sesión tiene un problema. Inténtelo de nuevo dentro de unos minutos.',
    intercepted:
      'Otro equipo de la red ha respondido en lugar del servidor de inicio de sesión. Abra cualquier página web para ver si la red pide su propio inicio de sesión y, después, inténtelo de nuevo.',
    setup:
      'El servidor de inicio de sesión no acepta esta aplicación tal como está configurada. Comunique el identificador del error a su servicio de asistencia.',
    untrusted:
      'La respuesta del servidor de inicio de sesión no ha superado las comprobaciones. Inicie sesión de nuevo. Si no se soluciona, comunique el identificador del error a su servicio de asistencia.',
    other:
      'Se ha producido un problema. Inténtelo de nuevo. Si no se soluciona, comunique el identificador del error a su servicio de asistencia.',
  },
  labels: { cause: 'Causa', code: 'Código de error', id: 'Identificador' },
  interstitial: {
    title: 'Un paso más: vuelva a {app}',
    text: 'Es posible que el navegador le pregunte si debe abrir la aplicación. Acepte.',
    button: 'Abrir {app}',
    help: '¿No ocurre nada? La aplicación no está instalada en este equipo o se ha cerrado. Abra {app} e inicie sesión de nuevo. Nadie le pedirá nunca que copie la dirección de esta página: no la comparta con nadie.',
    nothing: {
      title: 'Aquí no hay nada que hacer',
      text: 'Esta página forma parte del inicio de sesión de {app}. Abra la aplicación e inicie sesión en ella.',
    },
  },
};
