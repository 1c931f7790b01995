/** The value of `api_key` in the config for a key that the keyring holds. */
export const IN_KEYRING = 'keyring'
