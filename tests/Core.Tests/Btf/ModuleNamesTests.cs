using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Core.Tests.Btf;

public class ModuleNamesTests
{
    private static readonly BtfTypes Kernel = BtfReader.Read(new BtfWriter().ToBytes());

    [Fact]
    public void Each_module_has_its_own_names()
    {
        var names = Names(Module(b => b.Int("a", 4)), Module(b => b.Int("b", 4)));
        Assert.Equal([true, false, false, true], new[] { Has(names, 0, "a"), Has(names, 0, "b"), Has(names, 1, "a"), Has(names, 1, "b") });
    }

    [Fact]
    public void A_flavour_is_found_by_its_essential_name() => Assert.True(Has(Names(Module(b => b.Int("s___old", 4))), 0, "s"));

    [Fact]
    public void A_module_without_types_has_no_names() => Assert.False(Has(Names([]), 0, "a"));

    [Fact]
    public void Damaged_bytes_are_not_opened()
    {
        var bytes = ModuleNames.Write([[1, 2, 3]]);
        Assert.NotNull(ModuleNames.Open(bytes, 1));
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            Assert.Null(ModuleNames.Open(bytes, 1));
            bytes[at] ^= 1;
        }

        Assert.Null(ModuleNames.Open(bytes.AsMemory()[..^8], 1));
        Assert.Null(ModuleNames.Open(bytes.AsMemory()[..^1], 1));
        Assert.Null(ModuleNames.Open(default, 1));
        Assert.Null(ModuleNames.Open(bytes, 2));
    }

    private static uint[] Module(Action<BtfWriter> write)
    {
        var module = new BtfWriter(splitBase: Kernel);
        write(module);
        return ModuleNames.HashesOf(BtfReader.Read(module.ToBytes(), Kernel));
    }

    private static ModuleNames Names(params uint[][] hashes) => ModuleNames.Open(ModuleNames.Write(hashes), hashes.Length)!;

    private static bool Has(ModuleNames names, int module, string name) =>
        new ModuleTypes("m", () => throw new InvalidOperationException("opened"), hash => names.MayHave(module, hash))
            .MayHave(System.Text.Encoding.ASCII.GetBytes(name));
}
