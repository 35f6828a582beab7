using Relo.Core.Tests.Rooms;

namespace Relo.Core.Tests;

public class ArchitectureTests
{
    /// <summary>Folders of src/Core; each uses only those before it.</summary>
    private static readonly string[] BottomToTop =
        ["Bytes", "Bpf", "Elf", "Btf", "StableForms", "Layouts", "Headers", "BtfExt", "Access", "Objects", "Relocation", "Fingerprints", "", "Reachability",
            "Checks", "Proposals", "Report", "Contents", "Compatibility", "MinimalBtf", "Diagnoses"];

    [Fact]
    public void Core_references_the_base_library_only()
    {
        var references = typeof(Relocator).Assembly.GetReferencedAssemblies().Select(a => a.Name!);
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_of_Core_use_only_folders_below_them() =>
        Assert.Equal([], new RoomOrder(typeof(Relocator).Assembly, BottomToTop).Faults());

    [Fact]
    public void A_folder_that_uses_one_above_it_is_found()
    {
        var faults = new RoomOrder(typeof(Relocator).Assembly, [.. BottomToTop.Reverse()]).Faults();
        Assert.Contains("'Report' uses 'Btf': FieldPlace → BtfTypes", faults);
        Assert.Contains(faults, fault => fault.StartsWith("'' uses 'Objects': Relocator", StringComparison.Ordinal)); // in code alone
    }
}
