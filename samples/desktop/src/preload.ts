import { exposeDeskauth } from '@deskauth/electron/preload';

exposeDeskauth();
