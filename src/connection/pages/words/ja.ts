import type { Words } from './words';

export const JA: Words = {
  ask: {
    title: (brand) => `Gmail を ${brand} に接続する`,
    lead: (brand) =>
      `${brand} が Gmail へのアクセスを求めています。アカウントの選択と許可は Google のページで行います。許可するまで、何も読み取られません。`,
    canTitle: (brand) => `${brand} ができること`,
    can: {
      content: 'メールの閲覧：差出人、宛先、件名、本文、添付ファイル',
      headers: 'メールの差出人、宛先、件名、日付、ラベルの閲覧',
      changes: 'メールの受信、削除、ラベルの変更の検知',
      labels: 'ラベルの変更：既読、スター、アーカイブ、ゴミ箱への移動',
      send: 'あなたのアカウントからのメールの作成と送信',
      deleteForever: 'メールの完全な削除',
      settings: 'フィルタや転送など、Gmail の設定の変更',
      address: 'メールアドレスの確認',
    },
    cannotTitle: (brand) => `${brand} ができないこと`,
    cannot: {
      content: 'メールの本文や添付ファイルの閲覧',
      change: 'メールの変更や削除',
      send: 'あなたのアカウントからのメールの送信',
      deleteForever: 'メールの完全な削除',
      password: 'Google のパスワードの確認',
    },
    button: 'Google で続行',
    next: 'Google のページでは、表示されるすべてのチェックボックスをオンにしてください。オンにしないと接続できません。',
    account: (address) => `Google のページでは ${address} のアカウントを選択してください。`,
    revoke: 'アクセスはいつでも取り消せます：',
  },
  done: {
    title: 'Gmail が接続されました',
    text: (address, brand) => `${brand} が ${address} にアクセスできるようになりました。`,
    next: '手続きは完了です。このページを閉じてかまいません。',
    revoke: 'このアクセスはいつでも確認、取り消しができます：',
  },
  failed: {
    retry: 'もう一度試す',
    back: (brand) => `${brand} に戻る`,
    code: 'コード',
    explained: {
      access_denied: {
        title: 'アクセスが許可されませんでした',
        text: '何も接続されず、何も読み取られていません。許可する場合は、もう一度試して、Google のページで「続行」を選択してください。',
      },
      insufficient_scope: {
        title: 'チェックボックスがオンになっていません',
        text: 'Google のページで、Gmail の閲覧を許可するチェックボックスがオフのままでした。もう一度試して、すべてオンにしてください。',
      },
      missing_refresh_token: {
        title: '継続的なアクセス権が得られませんでした',
        text: '下のページでこのアプリのアクセス権を削除してから、もう一度試してください。',
      },
      mail_service_not_enabled: {
        title: 'この Google アカウントでは Gmail を使用できません',
        text: 'もう一度試して、Gmail のあるアカウントを選択してください。',
      },
      account_mismatch: {
        title: '別のアカウントです',
        text: '選択されたアカウントは、指定されたものではありません。何も接続されていません。もう一度試して、指定されたアカウントを選択してください。',
      },
      invalid_request: {
        title: 'Google からの応答が不完全でした',
        text: '何も接続されていません。もう一度試してください。',
      },
      invalid_code: {
        title: 'Google からの応答の期限が切れていました',
        text: 'すでに使用されたか、期限切れです。もう一度試してください。',
      },
      invalid_id_token: {
        title: 'どのアカウントか確認できませんでした',
        text: '何も接続されていません。もう一度試してください。',
      },
      invalid_state: {
        title: 'このページからは続行できません',
        text: 'このサービスのリンクから開かれたページではありません。新しいリンクを依頼してください。',
      },
      wrong_browser: {
        title: '別のブラウザです',
        text: 'リンクはこのブラウザとは別のブラウザで開かれました。許可の操作を行うブラウザでリンクを開いてください。同じブラウザの場合は、このページの Cookie を許可してから、もう一度リンクを開いてください。何も接続されていません。',
      },
      session_used: {
        title: 'このリンクは使用済みです',
        text: 'リンクは一度だけ使用できます。Gmail がまだ接続されていない場合は、新しいリンクを依頼してください。',
      },
      session_expired: {
        title: 'このリンクは期限切れです',
        text: '安全のため、リンクの有効期間は 15 分です。新しいリンクを依頼してください。',
      },
      google_error: {
        title: 'Google でエラーが発生しました',
        text: '何も接続されていません。もう一度試してください。',
      },
      temporarily_unavailable: {
        title: '現在、接続できませんでした',
        text: 'Google またはこのサービスに接続できませんでした。何も接続されていません。しばらくしてから、もう一度試してください。',
      },
      unknown_link: {
        title: 'このリンクは存在しません',
        text: 'アドレスが途中で切れていないか確認してください。そうでなければ、新しいリンクを依頼してください。',
      },
      operator: {
        title: '先に問題の解決が必要です',
        text: '現在、このアプリは Google によりメールボックスの接続が許可されていません。あなたの操作に問題はなく、解決できるのはアプリの運営者だけです。下のコードを運営者に伝えてください。',
      },
    },
  },
  revokeLink: 'Google アカウントのアクセス権限',
  privacy: 'プライバシー ポリシー',
  support: 'ヘルプ',
};
