using Relo.Api.Caching;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Core.Fingerprints;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>
/// Caches layouts of types by their fingerprints: kernels with the same fingerprint of a name have the same layout.
/// </summary>
internal sealed class TypeSnapshots(KernelTypeReader reader)
{
    private const long MostBytes = 32 << 20;
    private const int BytesPerMember = 200, BytesPerLayout = 1000; // measured: objects and names of task_struct

    private readonly SingleFlightCache<(ulong Name, Fingerprint Layout), TypeSnapshot> _kept =
        new(
            MostBytes, snapshot => BytesPerLayout + ((long)snapshot.MemberCount * BytesPerMember),
            isOfOneCaller: RefusedException.IsOfOneClient);

    /// <summary>The layout of a name, read from a kernel that has it.</summary>
    /// <exception cref="RefusedException">It is too large.</exception>
    public async Task<TypeSnapshot> GetAsync(TypeQuery type, LayoutName name, Fingerprint layout, Kernel kernel, CancellationToken stop) =>
        (await _kept.GetAsync(
            (name.Key, layout),
            async end => await reader.ReadAsync(kernel, keep: false, (on, opened, _) => type.FindOn(on, opened).ToSnapshot(), end),
            stop))!;
}
