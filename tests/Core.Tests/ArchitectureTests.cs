namespace Relo.Core.Tests;

public class ArchitectureTests
{
    [Fact]
    public void Core_references_the_base_library_only()
    {
        var references = typeof(Relocator).Assembly.GetReferencedAssemblies().Select(a => a.Name!);
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }
}
