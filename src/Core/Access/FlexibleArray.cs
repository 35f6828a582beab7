using Relo.Core.Btf;

namespace Relo.Core.Access;

/// <summary>Arrays without a length at the end of a struct: any element may be accessed.</summary>
internal static class FlexibleArray
{
    /// <summary>
    /// Length 0, reached through a named member that is the last of its immediate struct or union (is_flex_arr of libbpf).
    /// </summary>
    public static bool Is(BtfTypes types, Accessor before, BtfArray array) =>
        array.Length == 0 && before.IsNamed && before.Index == types[before.TypeId].Count - 1;
}
