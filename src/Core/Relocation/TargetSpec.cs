using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Relocation;

/// <summary>The access in a candidate type, during the match; one instance is reused for all candidates.</summary>
internal sealed class TargetSpec
{
    private readonly Accessor[] _accessors = new Accessor[AccessSpec.MaxLength + 1];
    private readonly int[] _raw = new int[AccessSpec.MaxLength];

    public BtfTypes Types { get; private set; } = null!;
    public uint RootTypeId { get; private set; }
    public CoreReloKind Kind { get; private set; }
    public int Length { get; private set; }
    public int RawLength { get; private set; }
    public uint BitOffset { get; set; }
    public bool IsFull => RawLength == AccessSpec.MaxLength;
    public Accessor Last => _accessors[Length - 1];
    public AccessEnd End => new(Types, RootTypeId, Length > 0 ? Last : default, BitOffset);

    public void Begin(BtfTypes types, uint rootTypeId, CoreReloKind kind)
    {
        (Types, RootTypeId, Kind) = (types, rootTypeId, kind);
        (Length, RawLength, BitOffset) = (0, 0, 0);
    }

    public void Push(Accessor accessor) => _accessors[Length++] = accessor;

    public void Pop() => Length--;

    public void PushRaw(int step) => _raw[RawLength++] = step;

    public void PopRaw() => RawLength--;

    public AccessSpec ToSpec() =>
        new(Types, RootTypeId, Kind, _accessors.AsSpan(0, Length).ToArray(), _raw.AsSpan(0, RawLength).ToArray(), BitOffset);
}
