export const MAX_PLACE_LENGTH = 255;
export const MAX_STATUS_LENGTH = 100;
export const MAX_CODE_LENGTH = 64;
export const MAX_CARRIER_LENGTH = 64;
export const MAX_SERVICE_LENGTH = 100;
export const MAX_EVENT_CODE_LENGTH = 64;
export const MAX_DESCRIPTION_LENGTH = 2_000;
