import type { PageTexts } from './page-texts.ts';

const GO_BACK = 'Vous pouvez fermer cet onglet et revenir à {app}.';

export const fr: PageTexts = {
  theApp: 'l’application',
  pages: {
    'signed-in': { title: 'Connexion réussie en tant que {name}', text: GO_BACK },
    'signed-in-already': { title: 'La connexion est déjà établie', text: GO_BACK },
    'signed-out': { title: 'Déconnexion réussie', text: GO_BACK },
    failed: { title: 'La connexion a échoué', text: GO_BACK },
    cancelled: {
      title: 'La connexion a été annulée',
      text: 'Si vous souhaitez tout de même vous connecter, revenez à {app} et recommencez.',
    },
    expired: {
      title: 'Le délai de connexion est dépassé',
      text: 'Pour votre sécurité, une connexion doit aboutir en quelques minutes. Revenez à {app} et recommencez.',
    },
    superseded: {
      title: 'Une autre connexion a été lancée',
      text: 'Continuez dans l’onglet ouvert en dernier. Vous pouvez fermer celui-ci.',
    },
    unknown: {
      title: 'Cette demande de connexion n’est plus active',
      text: 'Elle a déjà abouti ou a été annulée. Revenez à {app} pour savoir où vous en êtes.',
    },
    'stray-error': {
      title: 'Le serveur de connexion signale une erreur',
      text: 'Il ne précise pas la connexion concernée : {app} continue donc d’attendre. Revenez à {app}, annulez-y la connexion et recommencez. Si cette page réapparaît, communiquez la cause à votre assistance.',
    },
  },
  reasons: {
    denied: 'La demande a été refusée dans le navigateur. Reconnectez-vous et acceptez-la.',
    question: 'Le serveur de connexion a encore une question à vous poser. Reconnectez-vous.',
    network: 'Le serveur de connexion est injoignable. Vérifiez votre connexion au réseau, puis réessayez.',
    trouble: 'Le serveur de connexion rencontre un problème. Réessayez dans quelques minutes.',
    intercepted:
      'Un autre équipement du réseau a répondu à la place du serveur de connexion. Ouvrez une page web quelconque pour voir si le réseau demande lui-même une connexion, puis réessayez.',
    setup:
      'Le serveur de connexion n’accepte pas cette application telle qu’elle est configurée. Communiquez l’identifiant de l’erreur à votre assistance.',
    untrusted:
      'La réponse du serveur de connexion n’a pas passé les vérifications. Reconnectez-vous. Si cela ne suffit pas, communiquez l’identifiant de l’erreur à votre assistance.',
    other:
      'Un problème est survenu. Réessayez. Si cela ne suffit pas, communiquez l’identifiant de l’erreur à votre assistance.',
  },
  labels: { cause: 'Cause', code: 'Code d’erreur', id: 'Identifiant' },
  interstitial: {
    title: 'Encore une étape\u00a0: revenez à {app}',
    text: 'Votre navigateur vous demandera peut-être s’il doit ouvrir l’application. Acceptez.',
    button: 'Ouvrir {app}',
    help: 'Il ne se passe rien\u00a0? L’application n’est pas installée sur cet ordinateur, ou elle a été fermée. Lancez {app} et connectez-vous à nouveau. Personne ne vous demandera jamais de copier l’adresse de cette page\u00a0: ne la transmettez à personne.',
    nothing: {
      title: 'Il n’y a rien à faire ici',
      text: 'Cette page fait partie de la connexion à {app}. Ouvrez l’application et connectez-vous.',
    },
  },
};
