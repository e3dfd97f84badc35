function Str(el) el.text = el.text .. '!' return el end
