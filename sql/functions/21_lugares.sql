-- Whenever this folder is applied: what is written already is in the dictionary of places, as the functions here fold it.
SELECT refaz_grafias();
