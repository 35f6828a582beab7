namespace Relo.Core.BtfExt;

/// <summary>A CO-RE record (struct bpf_core_relo).</summary>
/// <param name="InstructionOffset">Byte offset of the instruction within its section.</param>
/// <param name="TypeId">Root type, in the object's BTF.</param>
/// <param name="AccessOffset">String offset of the access string, such as <c>0:1:2</c>.</param>
/// <param name="Kind">The kind; values above 12 are read, and refused by the relocation.</param>
public readonly record struct CoreRelo(uint InstructionOffset, uint TypeId, uint AccessOffset, CoreReloKind Kind) : IBtfExtRecord<CoreRelo>
{
    /// <summary>Bytes of a record that this program knows; further bytes are skipped.</summary>
    public const int Size = 16;

    static CoreRelo IBtfExtRecord<CoreRelo>.Of(uint a, uint b, uint c, uint d) => new(a, b, c, (CoreReloKind)d);
}
