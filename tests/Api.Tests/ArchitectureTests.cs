using Relo.Api.Work;
using Relo.Core.Tests.Rooms;

namespace Relo.Api.Tests;

public class ArchitectureTests
{
    /// <summary>Folders of src/Api; each uses only those before it.</summary>
    private static readonly string[] BottomToTop =
    [
        "Spelling", "Caching", "Hosting",
        "Http", "Http.Json", "Http.Bodies", "Http.Problems", "Access", "Http.Limits", "Http.Answers", "Http.Parameters", "Http.Uploads",
        "Http.Entry",
        "Work", "Mediation", "Packing", "Scripts", "Inputs",
        "Signing", "Kernels", "Types", "Relocations", "Trust", "MinimalBtf", "BtfHubOnline", "Compatibility.Sarif", "Compatibility", "Bundles", "Diagnoses",
        "Objects", "Audit",
        "Docs", "OpenApi", "Ops", "Settings", "Commands", "",
    ];

    [Fact]
    public void Folders_of_Api_use_only_folders_below_them() =>
        Assert.Equal([], new RoomOrder(typeof(WorkGate).Assembly, BottomToTop).Faults());
}
