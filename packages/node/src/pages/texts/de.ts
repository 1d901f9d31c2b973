import type { PageTexts } from './page-texts.ts';

const GO_BACK = 'Sie können diesen Tab schließen und zu {app} zurückkehren.';

export const de: PageTexts = {
  theApp: 'der App',
  pages: {
    'signed-in': { title: 'Sie sind als {name} angemeldet', text: GO_BACK },
    'signed-in-already': { title: 'Sie sind bereits angemeldet', text: GO_BACK },
    'signed-out': { title: 'Sie sind abgemeldet', text: GO_BACK },
    failed: { title: 'Die Anmeldung ist fehlgeschlagen', text: GO_BACK },
    cancelled: {
      title: 'Die Anmeldung wurde abgebrochen',
      text: 'Möchten Sie sich doch anmelden? Dann kehren Sie zu {app} zurück und beginnen Sie noch einmal.',
    },
    expired: {
      title: 'Die Zeit für diese Anmeldung ist abgelaufen',
      text: 'Zu Ihrer Sicherheit bleibt eine Anmeldung nur wenige Minuten offen. Kehren Sie zu {app} zurück und beginnen Sie noch einmal.',
    },
    superseded: {
      title: 'Eine neuere Anmeldung läuft bereits',
      text: 'Machen Sie in dem Tab weiter, der zuletzt geöffnet wurde. Diesen hier können Sie schließen.',
    },
    unknown: {
      title: 'Diese Anmeldung ist nicht mehr offen',
      text: 'Sie wurde bereits abgeschlossen oder abgebrochen. In {app} sehen Sie, ob Sie angemeldet sind.',
    },
    'stray-error': {
      title: 'Der Anmeldeserver meldet einen Fehler',
      text: 'Er nennt die Anmeldung nicht, um die es geht; {app} wartet deshalb weiter. Kehren Sie zu {app} zurück, brechen Sie die Anmeldung dort ab und beginnen Sie noch einmal. Erscheint diese Seite wieder, nennen Sie Ihrem Support die Ursache.',
    },
  },
  reasons: {
    denied: 'Die Anfrage wurde im Browser abgelehnt. Melden Sie sich noch einmal an und stimmen Sie zu.',
    question: 'Der Anmeldeserver braucht noch eine Angabe von Ihnen. Melden Sie sich noch einmal an.',
    network:
      'Der Anmeldeserver war nicht erreichbar. Prüfen Sie die Netzwerkverbindung und versuchen Sie es noch einmal.',
    trouble: 'Der Anmeldeserver ist gestört. Versuchen Sie es in ein paar Minuten noch einmal.',
    intercepted:
      'Statt des Anmeldeservers hat etwas anderes im Netzwerk geantwortet. Öffnen Sie eine beliebige Webseite: Vielleicht verlangt das Netzwerk eine eigene Anmeldung. Versuchen Sie es danach noch einmal.',
    setup:
      'Der Anmeldeserver akzeptiert diese App nicht so, wie sie eingerichtet ist. Nennen Sie Ihrem Support die Fehler-ID.',
    untrusted:
      'Die Antwort des Anmeldeservers hat die Prüfung nicht bestanden. Melden Sie sich noch einmal an. Hilft das nicht, nennen Sie Ihrem Support die Fehler-ID.',
    other:
      'Etwas ist schiefgegangen. Versuchen Sie es noch einmal. Hilft das nicht, nennen Sie Ihrem Support die Fehler-ID.',
  },
  labels: { cause: 'Ursache', code: 'Fehlercode', id: 'Fehler-ID' },
  interstitial: {
    title: 'Noch ein Schritt: zurück zu {app}',
    text: 'Ihr Browser fragt vielleicht, ob er die App öffnen darf. Erlauben Sie es.',
    button: '{app} öffnen',
    help: 'Es passiert nichts? Dann ist die App auf diesem Computer nicht installiert, oder sie wurde geschlossen. Starten Sie {app} und melden Sie sich dort noch einmal an. Niemand wird Sie je bitten, die Adresse dieser Seite zu kopieren: Geben Sie sie nicht weiter.',
    nothing: {
      title: 'Hier gibt es nichts zu tun',
      text: 'Diese Seite gehört zur Anmeldung bei {app}. Öffnen Sie die App und melden Sie sich dort an.',
    },
  },
};
