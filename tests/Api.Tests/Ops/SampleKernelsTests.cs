using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Ops;

public sealed class SampleKernelsTests
{
    [Theory]
    [InlineData("upload", false)]
    [InlineData("sample", true)] // of an earlier version of the service
    public async Task Restart_replaces_its_own_samples_and_never_a_kernel_that_was_added(string source, bool isReplaced)
    {
        var root = Directory.CreateTempSubdirectory("relo-samples-").FullName;
        try
        {
            using (var first = new ServiceHost(root))
            {
                var sample = new KernelDescription("sample", "1", "x86_64", "5.11.0-syscall-work");
                Assert.IsType<Added>(await first.Services.GetRequiredService<KernelStore>()
                    .AddAsync(Samples.OldBtf, sample, source, replace: true, TestContext.Current.CancellationToken));
            }

            using var second = new ServiceHost(root);
            using var answer = await second.Http.GetAsync($"/v1/kernels/resolve?kernel={Samples.NewKernel}");
            Assert.Equal(Digest.Of(isReplaced ? Samples.NewBtf : Samples.OldBtf).ToString(), (string?)(await answer.JsonAsync())["btf"]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
