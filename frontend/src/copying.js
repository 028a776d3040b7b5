// A page that came without TLS has no clipboard of its own; the old way still works there.

export async function copied(source) {
    try {
        await navigator.clipboard.writeText(source.value ?? source.textContent);
        return true;
    } catch {
        if (source.select) source.select();
        else getSelection().selectAllChildren(source);
        return document.execCommand("copy");
    }
}

export async function copiedText(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    const done = await copied(field);
    field.remove();
    return done;
}
