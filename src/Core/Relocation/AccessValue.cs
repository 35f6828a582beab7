namespace Relo.Core.Relocation;

/// <summary>The value of an access in one BTF: the number for the instruction, and the data that loads and stores need.</summary>
/// <param name="Value">Offset, size, id, 0/1, … by kind.</param>
/// <param name="FieldSize">Bytes of the accessed field (of one element, for arrays), for kind field-byte-offset; 0 otherwise.</param>
/// <param name="FieldTypeId">Its type, modifiers skipped.</param>
/// <param name="Validate">Whether the instruction must hold the local value; not for bit-fields, which may have been compiled
/// differently.</param>
/// <param name="Error">0; a negative errno; or <see cref="PoisonRequest"/>.</param>
internal readonly record struct AccessValue(ulong Value, uint FieldSize, uint FieldTypeId, bool Validate, int Error = 0)
{
    /// <summary>EUCLEAN: libbpf's request to poison the instruction.</summary>
    public const int PoisonRequest = -117;

    public static AccessValue Failed(int error) => new(0, 0, 0, true, error);

    public static AccessValue Plain(ulong value, bool validate = true) => new(value, 0, 0, validate);
}
