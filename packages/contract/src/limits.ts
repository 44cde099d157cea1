export const MAX_PLACE_LENGTH = 255;
export const MAX_STATUS_LENGTH = 100;
